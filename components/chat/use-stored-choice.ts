"use client";

import { useEffect, useState } from "react";

/** Taste, not state of a chat. */
export const MODEL_STORAGE_KEY = "slipway.model";
export const EFFORT_STORAGE_KEY = "slipway.effort";
export const BUSY_STORAGE_KEY = "slipway.busy";

/** A taste that this browser remembers: the last choice under a key, null before the first. */
export function useStoredChoice(key: string): [choice: string | null, choose: (choice: string) => void] {
  const [choice, setChoice] = useState<string | null>(null);
  useEffect(() => {
    try {
      setChoice(localStorage.getItem(key));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }, [key]);
  const choose = (next: string) => {
    setChoice(next);
    try {
      localStorage.setItem(key, next);
    } catch {
      // As above.
    }
  };
  return [choice, choose];
}
