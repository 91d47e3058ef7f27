"use client";

import { useEffect, useRef, useState } from "react";
import { advanceReveal, sliceGraphemes } from "./smooth-text";

/** The part of a streaming text to show now. Text that has settled, or that was there at the start, is whole at once. */
export function useSmoothText(text: string, isLive: boolean): string {
  const [shown, setShown] = useState(text.length);
  const shownRef = useRef(text.length);
  const length = text.length;
  useEffect(() => {
    if (!isLive || prefersReducedMotion()) {
      shownRef.current = length;
      setShown(length);
      return;
    }
    let frame = 0;
    let previousMs = performance.now();
    const step = (nowMs: number) => {
      const elapsedMs = nowMs - previousMs;
      previousMs = nowMs;
      const next = advanceReveal({ shown: shownRef.current, length, elapsedMs });
      if (Math.floor(next) !== Math.floor(shownRef.current)) setShown(Math.floor(next));
      shownRef.current = next;
      if (next < length) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [length, isLive]);
  return isLive ? sliceGraphemes(text, shown) : text;
}

const prefersReducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
