"use client";

import { useRef, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { collectPrompts, stepPrompt } from "./prompt-history";
import { useDraft } from "./use-draft";

type ComposerOptions = {
  /** Names the draft in this browser. */
  draftName: string;
  /** Texts that were sent before, oldest first. */
  sentTexts: readonly string[];
  /** Rejects when the server did not take the text; it comes back then. */
  onSend: (text: string) => Promise<void>;
};

/** Text, draft, history and sending of a composer. */
export function useComposer({ draftName, sentTexts, onSend }: ComposerOptions) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(draftName);
  const [error, setError] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const step = useRef<{ index: number; text: string }>({ index: -1, text: "" });
  const latestText = useRef(text);
  latestText.current = text;

  const change = (next: string) => {
    step.current = { index: -1, text: "" };
    latestText.current = next;
    setText(next);
  };

  const send = async () => {
    const sent = text.trim();
    if (sent === "" || isSending) return;
    setSending(true);
    setError(null);
    change("");
    try {
      await onSend(sent);
    } catch (failure) {
      setError(errorText(failure));
      // What was typed meanwhile stays, behind what could not be sent.
      change(latestText.current === "" ? text : `${text}\n${latestText.current}`);
    } finally {
      setSending(false);
      // On a phone the keyboard must not come back by itself.
      if (!matchMedia("(pointer: coarse)").matches) field.current?.focus();
    }
  };

  const stepHistory = (direction: "older" | "newer"): boolean => {
    const isStepping = step.current.index >= 0 && text === step.current.text;
    if (text !== "" && !isStepping) return false;
    const index = isStepping ? step.current.index : -1;
    const next = stepPrompt({ index, prompts: collectPrompts(sentTexts) }, direction);
    if (!next) return false;
    setText(next.text);
    step.current = next;
    return true;
  };

  return { field, text, change, send, stepHistory, error, clearError: () => setError(null), isSending };
}
