"use client";

import { useEffect, useRef, useState } from "react";
import { copyText } from "./copy-text";

/** Long enough to be seen, short enough to copy again. */
const CONFIRM_MS = 1500;

/** Copies text and says so for a moment. Where the browser refuses, nothing is claimed. */
export function useCopy(): { isCopied: boolean; copy: (text: string) => void } {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = (text: string) => {
    copyText(text).then(
      () => {
        setCopied(true);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setCopied(false), CONFIRM_MS);
      },
      () => setCopied(false),
    );
  };
  return { isCopied, copy };
}
