"use client";

import { usersClient } from "@/lib/contract/client";
import type { ListedUser, Token } from "@/lib/contract/users";
import { formatDate } from "@/lib/format";
import { useTimeZone } from "../../ui/now";
import { RelativeTime } from "../../ui/relative-time";
import { CredentialList } from "./credential-list";

/** The API tokens of a person. */
export function UserTokens({ user }: { user: ListedUser }) {
  return (
    <CredentialList<Token>
      title="API tokens"
      queryKey={["admin", "users", user.id, "tokens"]}
      load={(options) => usersClient.listTokens(user.id, options)}
      remove={(token) => usersClient.deleteToken(user.id, token.id)}
      empty="No tokens."
      draw={(token) => ({ name: token.name, note: <TokenNote token={token} /> })}
      act={{ verb: "Revoke", consequence: "Programs that use it are refused from now on. This cannot be undone." }}
    />
  );
}

function TokenNote({ token }: { token: Token }) {
  const timeZone = useTimeZone();
  return (
    <>
      {token.last_used_at ? (
        <>
          Used <RelativeTime at={token.last_used_at} /> ago
        </>
      ) : (
        "Never used"
      )}
      {token.expires_at ? `, expires ${formatDate(token.expires_at, timeZone)}` : ", never expires"}
    </>
  );
}
