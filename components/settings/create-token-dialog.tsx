"use client";

import { Check, Copy } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { errorText, fieldError, usersClient } from "@/lib/contract/client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { IconButton } from "../ui/icon-button";
import { Input } from "../ui/input";
import { Select } from "../ui/select";
import { useCopy } from "../ui/use-copy";

const LIFETIMES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
];

/** Asks for a name and a lifetime, then shows the token, once. */
export function CreateTokenDialog({ onCreated, onClose }: { onCreated: () => void; onClose: () => void }) {
  const formId = useId();
  const [name, setName] = useState("");
  const [lifetime, setLifetime] = useState("90");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [token, setToken] = useState<string | null>(null);

  async function create(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const days = lifetime === "never" ? {} : { expires_in_days: Number(lifetime) };
      const created = await usersClient.createToken({ name: name.trim(), ...days });
      setToken(created.token);
      onCreated();
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  }

  if (token) {
    return (
      <Dialog
        open
        onOpenChange={(open) => open || onClose()}
        title={`Token ${name.trim()}`}
        description="Copy it now. It is not shown again."
        actions={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <Field label="Token">
          <Input
            mono
            readOnly
            value={token}
            onFocus={(event) => event.target.select()}
            suffix={<CopyButton text={token} />}
          />
        </Field>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      locked={isBusy}
      onOpenChange={(open) => open || onClose()}
      title="Create token"
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isBusy} disabled={!name.trim()}>
            Create token
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={create} className="grid gap-4">
        <Field
          label="Name"
          hint="What uses it, for example a script."
          error={error ? (fieldError(error, "name") ?? errorText(error)) : null}
        >
          <Input value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label="Expires after">
          <Select value={lifetime} onValueChange={setLifetime} options={LIFETIMES} />
        </Field>
      </form>
    </Dialog>
  );
}

function CopyButton({ text }: { text: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <IconButton
      size="sm"
      icon={isCopied ? Check : Copy}
      label={isCopied ? "Copied" : "Copy token"}
      onClick={() => copy(text)}
    />
  );
}
