import { type FormEvent, useId, useState } from "react";
import { errorText, fieldError, sshKeysClient } from "@/lib/contract/client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

type Props = { onAdded: () => void; onClose: () => void };

/** Asks for which host a key is to be made. */
export function AddSshKeyDialog({ onAdded, onClose }: Props) {
  const formId = useId();
  const [host, setHost] = useState("");
  const [username, setUsername] = useState("git");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function add(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await sshKeysClient.create({ host, username });
      onAdded();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  const usernameError = error ? fieldError(error, "username") : null;
  return (
    <Dialog
      open
      locked={isBusy}
      onOpenChange={(open) => open || onClose()}
      title="Add SSH key"
      description="A key is made for one host. You add its public half there."
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            busy={isBusy}
            disabled={!host.trim() || !username.trim()}
          >
            Add key
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={add} className="grid gap-4">
        <Field
          label="Host"
          hint="What stands after the @ of a remote, with a port that is not 22: git.example.com:2222."
          error={error && !usernameError ? (fieldError(error, "host") ?? errorText(error)) : null}
        >
          <Input
            mono
            value={host}
            maxLength={260}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            placeholder="git.example.com"
            onChange={(event) => setHost(event.target.value)}
          />
        </Field>
        <Field label="User name" hint="What stands before the @; git on nearly every host." error={usernameError}>
          <Input
            mono
            value={username}
            maxLength={64}
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setUsername(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
