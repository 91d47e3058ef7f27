"use client";

import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { errorText } from "@/lib/contract/client";
import { isSubmitKey } from "../submit-key";

type EditMessageProps = { text: string; onSave: (text: string) => Promise<void>; onCancel: () => void };

/** A sent message as a field, in its place. Says what saving takes back; Escape leaves everything as it is. */
export function EditMessage({ text, onSave, onCancel }: EditMessageProps) {
  const [edited, setEdited] = useState(text);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<string>();
  const isFirst = useRef(true);
  const canSave = edited.trim() !== "" && !isPending;
  const save = () => {
    if (!canSave) return;
    setPending(true);
    setError(undefined);
    onSave(edited.trim()).catch((failure: unknown) => {
      setError(errorText(failure));
      setPending(false);
    });
  };
  return (
    <div data-editing="" className="w-full rounded-lg border border-warning-border bg-warning-bg p-2">
      <textarea
        ref={(field) => {
          if (!field || !isFirst.current) return;
          isFirst.current = false;
          field.focus({ preventScroll: true });
          field.setSelectionRange(field.value.length, field.value.length);
        }}
        aria-label="Edit your message"
        value={edited}
        rows={2}
        onChange={(event) => setEdited(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.preventDefault();
            onCancel();
          } else if (isSubmitKey(event)) {
            event.preventDefault();
            save();
          }
        }}
        className="field-sizing-content block max-h-[40dvh] w-full resize-none rounded-sm border border-line-2 bg-raised px-3 py-2 text-ink text-lg max-sm:text-xl"
      />
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 px-1 text-ink-2 text-sm max-sm:basis-full">
          Everything after this message is removed from the conversation, then the agent runs again. Files it changed
          stay as they are.
        </p>
        <Button variant="ghost" disabled={isPending} onClick={onCancel}>
          Cancel
        </Button>
        <Button variant="primary" busy={isPending} disabled={edited.trim() === ""} onClick={save}>
          Save and run
        </Button>
      </div>
      {error ? (
        <p role="alert" className="mt-1 px-1 text-danger text-md">
          {error}
        </p>
      ) : null}
    </div>
  );
}
