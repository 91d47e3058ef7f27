import { useState } from "react";
import { errorText, externalAuthClient } from "@/lib/contract/client";
import type { ExternalAuth, GitHostType, LinkedAccount } from "@/lib/contract/external-auth";
import { formatDate } from "@/lib/format";
import { Avatar } from "../ui/avatar";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { useTimeZone } from "../ui/now";
import { toast } from "../ui/toast";

const TYPE_NAMES = { github: "GitHub", gitlab: "GitLab", forgejo: "Forgejo" } satisfies Record<GitHostType, string>;

type Props = { host: ExternalAuth; onTested: () => void; onToken: () => void; onUnlink: () => void };

/** One git host: the linked account, or the ways to link one. */
export function GitAccount({ host, onTested, onToken, onUnlink }: Props) {
  const { account } = host;
  const isUsable = account !== null || host.has_shared_token;
  return (
    <section aria-label={hostName(host)} className="mb-4 max-w-160 rounded-md border border-line bg-raised p-4 sm:p-5">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="wrap-anywhere mr-auto font-semibold text-md">{hostName(host)}</h2>
        <Badge>{TYPE_NAMES[host.type]}</Badge>
        <AccountState host={host} />
      </div>
      {account ? <AccountFacts account={account} /> : <NoAccount host={host} />}
      <div className="mt-4 flex flex-wrap gap-2">
        {host.has_oauth ? (
          <Button
            variant={account && !account.failure ? "default" : "primary"}
            onClick={() => window.location.assign(externalAuthClient.connectUrl(host.id))}
          >
            {account ? "Link again" : "Link account"}
          </Button>
        ) : null}
        <Button onClick={onToken}>{account ? "Replace token" : "Use a token"}</Button>
        {isUsable ? <TestButton host={host} onTested={onTested} /> : null}
        {account ? (
          <Button variant="ghost-danger" onClick={onUnlink}>
            Unlink
          </Button>
        ) : null}
      </div>
    </section>
  );
}

export const hostName = ({ web_url }: ExternalAuth): string => web_url.replace(/^https?:\/\//, "");

function AccountState({ host: { account, has_shared_token } }: { host: ExternalAuth }) {
  if (account?.failure) return <Badge tone="danger">Refused</Badge>;
  if (account) return <Badge tone="success">Linked</Badge>;
  return has_shared_token ? <Badge tone="accent">Shared token</Badge> : <Badge>Not linked</Badge>;
}

function NoAccount({ host }: { host: ExternalAuth }) {
  return (
    <p className="mt-3 text-ink-2">
      {host.has_shared_token
        ? "The installation's token is used. Link your account to push and open pull requests as yourself."
        : "Link your account, so that agents can reach private repositories, push and open pull requests."}
    </p>
  );
}

function AccountFacts({ account }: { account: LinkedAccount }) {
  const timeZone = useTimeZone();
  const kind = account.kind === "oauth" ? "Linked in the browser" : "Token";
  const until =
    account.expires_at && account.kind === "token" ? `, until ${formatDate(account.expires_at, timeZone)}` : "";
  return (
    <>
      <div className="mt-3 flex items-center gap-3">
        <Avatar name={account.name || account.login} size="lg" />
        <div className="wrap-anywhere min-w-0">
          <p className="font-medium">
            {account.name} <span className="font-regular text-ink-3">{account.login}</span>
          </p>
          <p className="text-ink-3 text-sm">
            Commits as {account.email}. {kind}
            {until}, {formatDate(account.linked_at, timeZone)}
          </p>
        </div>
      </div>
      <p className="mt-3 flex flex-wrap items-center gap-1.5 text-ink-3 text-sm">
        Scopes:
        {account.scopes.length === 0 ? " the host does not say" : null}
        {account.scopes.map((scope) => (
          <Badge key={scope}>{scope}</Badge>
        ))}
      </p>
      {account.failure ? (
        <p role="alert" className="wrap-anywhere mt-3 text-danger text-sm">
          {account.failure}
        </p>
      ) : null}
    </>
  );
}

function TestButton({ host, onTested }: { host: ExternalAuth; onTested: () => void }) {
  const [isBusy, setBusy] = useState(false);
  async function test() {
    setBusy(true);
    try {
      const { ok, message } = await externalAuthClient.test(host.id);
      if (ok) toast.show(message);
      else toast.error(message);
      onTested();
    } catch (error) {
      toast.error(errorText(error));
    }
    setBusy(false);
  }
  return (
    <Button busy={isBusy} onClick={() => void test()}>
      Test
    </Button>
  );
}
