"use client";

import { type FormEvent, useId, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { errorText, fieldError } from "@/lib/contract/client";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { useChatActions } from "./use-chat-actions";

const MAX_TITLE_LENGTH = 200;

/** Asks for a new title. Stays open when the server refuses; nothing closes it while it saves. */
export function RenameDialog({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const formId = useId();
  const { rename } = useChatActions();
  const [title, setTitle] = useState(chat.title);
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const wanted = title.trim();
  const isUnchanged = wanted === "" || wanted === chat.title;

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isUnchanged || isSaving) return;
    setSaving(true);
    setError(null);
    try {
      await rename(chat, wanted);
      onClose();
    } catch (cause) {
      setError(fieldError(cause, "title") ?? errorText(cause));
      setSaving(false);
    }
  }

  return (
    <Dialog
      open
      locked={isSaving}
      onOpenChange={(open) => open || onClose()}
      title="Rename agent"
      actions={
        <>
          <Button onClick={onClose} disabled={isSaving}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isSaving} disabled={isUnchanged}>
            Rename
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={save}>
        <Field label="Title" error={error}>
          <Input
            value={title}
            maxLength={MAX_TITLE_LENGTH}
            onChange={(event) => setTitle(event.target.value)}
            onFocus={(event) => event.target.select()}
          />
        </Field>
      </form>
    </Dialog>
  );
}
