"use client";

import { useRef, useState } from "react";
import { errorText } from "@/lib/contract/client";
import type { InputContent } from "@/lib/contract/messages";
import type { Attachment } from "./attachments";
import { collectPrompts, stepPrompt } from "./prompt-history";
import { useAttachments } from "./use-attachments";
import { useDraft } from "./use-draft";

type ComposerOptions = {
  /** Names the draft in this browser. */
  draftName: string;
  /** Texts that were sent before, oldest first. */
  sentTexts: readonly string[];
  /** Rejects when the server did not take it; text and files come back then. */
  onSend: (content: InputContent) => Promise<void>;
};

/** Text, files, draft, history and sending of a composer. */
export function useComposer({ draftName, sentTexts, onSend }: ComposerOptions) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(draftName);
  const files = useAttachments();
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

  const { attachments } = files;
  const isUploading = attachments.some(({ state }) => state === "uploading");
  const content = toContent(text, attachments);
  const canSend = content !== undefined && !isUploading && !isSending;

  const send = async () => {
    if (!content || !canSend) return;
    setSending(true);
    setError(null);
    change("");
    files.replace([]);
    try {
      await onSend(content);
    } catch (failure) {
      setError(errorText(failure));
      // What was typed meanwhile stays, behind what could not be sent.
      change(latestText.current === "" ? text : `${text}\n${latestText.current}`);
      files.replace(attachments);
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

  return { field, text, change, send, canSend, files, stepHistory, error, clearError: () => setError(null), isSending };
}

/** A plain text, or its parts; undefined when there is nothing to send. Files that failed are left out. */
export function toContent(text: string, attachments: readonly Attachment[]): InputContent | undefined {
  const words = text.trim();
  const files = attachments.flatMap((each) =>
    each.state === "uploaded" ? [{ type: "file" as const, file_id: each.fileId }] : [],
  );
  if (files.length === 0) return words === "" ? undefined : words;
  return words === "" ? files : [{ type: "text", text: words }, ...files];
}
