"use client";

import { type FormEvent, useId, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { errorText, fieldError } from "@/lib/contract/client";
import { gitClient } from "@/lib/contract/git-client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

/** A pull request by its address, or a branch by its name. */
export function LinkDialog({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const formId = useId();
  const [value, setValue] = useState(chat.diff_status?.url ?? "");
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    const text = value.trim();
    if (text === "" || isSaving) return;
    setSaving(true);
    setError(null);
    try {
      const isAddress = /^https?:\/\//.test(text);
      await gitClient.link(chat.id, isAddress ? { url: text } : { url: null, git_branch: text });
      onClose();
    } catch (cause) {
      setError(fieldError(cause, "url") ?? fieldError(cause, "git_branch") ?? errorText(cause));
      setSaving(false);
    }
  }

  return (
    <Dialog
      open
      locked={isSaving}
      onOpenChange={(open) => open || onClose()}
      title="Link a pull request"
      description="The agent follows it from now on: state, reviews, checks and diff."
      actions={
        <>
          <Button onClick={onClose} disabled={isSaving}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isSaving} disabled={value.trim() === ""}>
            Link
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit}>
        <Field
          label="Address or branch"
          hint="Such as https://github.com/owner/name/pull/12, or the branch that the agent pushes."
          error={error}
        >
          <Input
            value={value}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setValue(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
