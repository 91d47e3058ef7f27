"use client";

import { useEffect, useState } from "react";

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
