"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { errorText, fieldError, settingsClient } from "@/lib/contract/client";
import { MAX_PERSONAL_PROMPT_CHARACTERS } from "@/lib/contract/settings";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Textarea } from "../ui/textarea";
import { toast } from "../ui/toast";
import { useUnsavedChanges } from "../ui/unsaved-changes";

/** Instructions that every agent of this person gets. */
export function PersonalPromptForm({ prompt: stored }: { prompt: string }) {
  const router = useRouter();
  const unsaved = useUnsavedChanges();
  const [prompt, setPrompt] = useState(stored);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  function change(text: string) {
    setPrompt(text);
    unsaved.setDirty(text.trim() !== stored);
  }

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await settingsClient.putMe({ personal_prompt: prompt.trim() });
      unsaved.setDirty(false);
      toast.show("Instructions saved");
      router.refresh();
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  }

  return (
    <form onSubmit={save} className="grid gap-4">
      <Field
        label="Instructions"
        hint="Used from the next message on. What a task or its project says goes before."
        error={error ? (fieldError(error, "personal_prompt") ?? errorText(error)) : null}
      >
        <Textarea
          rows={8}
          maxLength={MAX_PERSONAL_PROMPT_CHARACTERS}
          placeholder="For example: Answer briefly. Prefer small commits. Ask before you add a dependency."
          value={prompt}
          onChange={(event) => change(event.target.value)}
        />
      </Field>
      <div>
        <Button type="submit" busy={isBusy} disabled={prompt.trim() === stored}>
          Save instructions
        </Button>
      </div>
      {unsaved.dialog}
    </form>
  );
}
