"use client";

import { usersClient } from "@/lib/contract/client";
import type { ListedUser, UserSession } from "@/lib/contract/users";
import { RelativeTime } from "../../ui/relative-time";
import { CredentialList } from "./credential-list";
import { describeBrowser } from "./describe-browser";

/** The browsers that a person is signed in with. */
export function UserSessions({ user }: { user: ListedUser }) {
  return (
    <CredentialList<UserSession>
      title="Browsers"
      queryKey={["admin", "users", user.id, "sessions"]}
      load={(options) => usersClient.listSessions(user.id, options)}
      remove={(session) => usersClient.deleteSession(user.id, session.id)}
      empty="Not signed in anywhere."
      draw={(session) => ({ name: describeBrowser(session.user_agent), note: <SessionNote session={session} /> })}
      act={{ verb: "Sign out", consequence: "That browser has to sign in again. Agents go on working." }}
    />
  );
}

function SessionNote({ session }: { session: UserSession }) {
  if (session.current) return "This browser";
  return (
    <>
      Seen <RelativeTime at={session.last_seen_at} /> ago
    </>
  );
}
