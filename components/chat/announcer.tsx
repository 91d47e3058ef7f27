"use client";

import { useEffect, useRef, useState } from "react";

/** Says streamed text to assistive technology a sentence at a time; what was there before is history and not said. */
export function Announcer({ text, stepKey }: { text: string; stepKey: string }) {
  const [said, setSaid] = useState("");
  const progress = useRef({ stepKey, length: text.length });
  useEffect(() => {
    const state = progress.current;
    if (state.stepKey !== stepKey) Object.assign(state, { stepKey, length: 0 });
    const end = findSentenceEnd(text, state.length);
    if (end <= state.length) return;
    setSaid(text.slice(state.length, end).trim());
    state.length = end;
  }, [text, stepKey]);
  return (
    <p role="status" aria-live="polite" className="hidden-text">
      {said}
    </p>
  );
}

/** Behind the last sentence that is complete after `from`; `from` when none is. */
function findSentenceEnd(text: string, from: number): number {
  let end = from;
  for (const match of text.slice(from).matchAll(/[.!?:](?=\s)|\n/g)) end = from + match.index + 1;
  return end;
}
