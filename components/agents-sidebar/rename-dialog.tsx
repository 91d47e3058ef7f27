"use client";

import { Sparkles } from "lucide-react";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
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
  const model = useModelName({
    chat,
    onNamed: (named) => setTitle((typed) => (typed === model.saved ? named : typed)),
    onError: setError,
  });
  const wanted = title.trim();
  const isUnchanged = wanted === "" || wanted === model.saved;

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
            {model.isNamed && isUnchanged ? "Done" : "Cancel"}
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isSaving} disabled={isUnchanged}>
            Rename
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={save}>
        <Field
          label="Title"
          error={error}
          hint={model.isAsking ? "A model reads what was said." : undefined}
          success={model.isNamed && isUnchanged ? "Named by a model, and saved." : undefined}
          action={
            <Button
              size="sm"
              variant="ghost"
              icon={<Sparkles aria-hidden className="size-3.5" />}
              busy={model.isAsking}
              disabled={isSaving}
              onClick={model.ask}
            >
              Let a model name it
            </Button>
          }
        >
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

type ModelNameOptions = { chat: Chat; onNamed: (title: string) => void; onError: (text: string | null) => void };

/** What a model makes of the chat, which the server keeps at once. An answer that comes after the dialog is for nobody. */
function useModelName({ chat, onNamed, onError }: ModelNameOptions) {
  const { nameAnew } = useChatActions();
  const [saved, setSaved] = useState(chat.title);
  const [isAsking, setAsking] = useState(false);
  const opening = useRef<AbortController>(undefined);
  useEffect(() => () => opening.current?.abort(), []);

  async function ask() {
    const controller = new AbortController();
    opening.current = controller;
    setAsking(true);
    onError(null);
    try {
      const named = await nameAnew(chat, controller.signal);
      if (controller.signal.aborted) return;
      setSaved(named);
      onNamed(named);
    } catch (cause) {
      if (!controller.signal.aborted) onError(errorText(cause));
    } finally {
      setAsking(false);
    }
  }

  return { saved, isAsking, isNamed: saved !== chat.title, ask: () => void ask() };
}
