"use client";

import { useEffect, useState } from "react";

const storageKey = (name: string) => `slipway.draft.${name}`;

/** What is typed and not sent, kept in this browser under a name of its own for each chat. */
export function useDraft(name: string): [text: string, setText: (text: string) => void] {
  const [text, setText] = useState("");
  useEffect(() => {
    const kept = readDraft(name);
    if (kept) setText(kept);
  }, [name]);
  const change = (next: string) => {
    setText(next);
    writeDraft(name, next);
  };
  return [text, change];
}

function readDraft(name: string): string {
  try {
    return localStorage.getItem(storageKey(name)) ?? "";
  } catch {
    return "";
  }
}

/** A full or forbidden storage costs the draft, not the page. */
function writeDraft(name: string, text: string): void {
  try {
    if (text === "") localStorage.removeItem(storageKey(name));
    else localStorage.setItem(storageKey(name), text);
  } catch {
    // Nothing to do: the text is still in the field.
  }
}
