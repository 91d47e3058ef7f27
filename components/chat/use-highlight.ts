"use client";

import { useEffect, useState } from "react";
import { type CodeToken, highlightCode } from "./highlight";

/** Coloured lines of settled code, in idle time; undefined until then, and for code that is still being written. */
export function useHighlight(code: string, language: string | undefined, isSettled = true): CodeToken[][] | undefined {
  const [highlighted, setHighlighted] = useState<{ code: string; lines: CodeToken[][] }>();
  useEffect(() => {
    if (!isSettled || !language) return;
    let isCurrent = true;
    const cancel = whenIdle(() => {
      highlightCode(code, language).then(
        (lines) => {
          if (isCurrent && lines) setHighlighted({ code, lines });
        },
        // Without colour the code is still there to read.
        () => {},
      );
    });
    return () => {
      isCurrent = false;
      cancel();
    };
  }, [code, language, isSettled]);
  return highlighted?.code === code ? highlighted.lines : undefined;
}

function whenIdle(run: () => void): () => void {
  if (typeof requestIdleCallback === "function") {
    const handle = requestIdleCallback(run, { timeout: 500 });
    return () => cancelIdleCallback(handle);
  }
  const handle = setTimeout(run, 50);
  return () => clearTimeout(handle);
}
