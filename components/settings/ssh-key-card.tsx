import clsx from "clsx";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { errorText, sshKeysClient } from "@/lib/contract/client";
import type { SshKey, SshKeyTest } from "@/lib/contract/ssh-keys";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { IconButton } from "../ui/icon-button";
import { Input } from "../ui/input";
import { useCopy } from "../ui/use-copy";

type Props = { sshKey: SshKey; onTested: () => void; onRemove: () => void };

/** One key: its public half for the host, the host's own, and whether the host lets it in. */
export function SshKeyCard({ sshKey, onTested, onRemove }: Props) {
  const { host, username, public_key, host_key_fingerprint } = sshKey;
  const { isCopied, copy } = useCopy();
  const [isBusy, setBusy] = useState(false);
  const [result, setResult] = useState<SshKeyTest | null>(null);

  async function test() {
    setBusy(true);
    try {
      setResult(await sshKeysClient.test(sshKey.id));
      onTested();
    } catch (error) {
      setResult({ ok: false, message: errorText(error) });
    }
    setBusy(false);
  }

  return (
    <section aria-label={`SSH key for ${host}`} className="mb-4 rounded-md border border-line bg-raised p-4 sm:p-5">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h3 className="wrap-anywhere mr-auto font-semibold text-md">
          {username}@{host}
        </h3>
        {host_key_fingerprint ? null : <Badge>Not used yet</Badge>}
      </div>
      <Field label="Public key" hint={`Add it at ${host}, to your account or to a repository as a deploy key.`}>
        <Input
          mono
          readOnly
          value={public_key}
          onFocus={(event) => event.target.select()}
          suffix={
            <IconButton
              size="sm"
              icon={isCopied ? Check : Copy}
              label={isCopied ? "Copied" : "Copy public key"}
              onClick={() => copy(public_key)}
            />
          }
        />
      </Field>
      {host_key_fingerprint ? (
        <p className="wrap-anywhere mt-3 text-ink-3 text-sm">
          The host&apos;s own key, as first seen: <span className="font-mono">{host_key_fingerprint}</span>
        </p>
      ) : null}
      <p
        role="status"
        className={clsx("wrap-anywhere mt-3 text-sm empty:hidden", result?.ok ? "text-success" : "text-danger")}
      >
        {result?.message}
      </p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button busy={isBusy} onClick={() => void test()}>
          Test
        </Button>
        <Button variant="ghost-danger" onClick={onRemove}>
          Remove
        </Button>
      </div>
    </section>
  );
}
