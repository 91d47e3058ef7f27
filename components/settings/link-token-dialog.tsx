import { type FormEvent, useId, useState } from "react";
import { errorText, externalAuthClient, fieldError } from "@/lib/contract/client";
import type { ExternalAuth, GitHostType } from "@/lib/contract/external-auth";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { toast } from "../ui/toast";
import { hostName } from "./git-account";

/** What a pasted token has to allow. */
const NEEDS = {
  github: "Classic: scopes repo and workflow. Fine-grained: contents, pull requests and checks of your repositories.",
  gitlab: "Scopes api and write_repository.",
  forgejo: "Scopes write:repository, write:issue and read:user.",
} satisfies Record<GitHostType, string>;

type Props = { host: ExternalAuth; onLinked: () => void; onClose: () => void };

/** Asks for a token and links the account it is for. */
export function LinkTokenDialog({ host, onLinked, onClose }: Props) {
  const formId = useId();
  const [token, setToken] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function link(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const { account } = await externalAuthClient.putToken(host.id, token.trim());
      toast.show(`Linked ${account?.login ?? hostName(host)}.`);
      onLinked();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      locked={isBusy}
      onOpenChange={(open) => open || onClose()}
      title={`Token for ${hostName(host)}`}
      description="It is asked whose it is, then stored encrypted and never shown again."
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isBusy} disabled={!token.trim()}>
            Link account
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={link}>
        <Field
          label="Token"
          hint={NEEDS[host.type]}
          error={error ? (fieldError(error, "token") ?? errorText(error)) : null}
        >
          <Input
            mono
            type="password"
            autoComplete="off"
            value={token}
            maxLength={2048}
            onChange={(event) => setToken(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
