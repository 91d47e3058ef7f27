"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { advanceReveal, HALF_FRAME_MS, isRevealDue, MAX_LAG_CHARS, redrawMs, sliceGraphemes } from "./smooth-text";

/** The part of a streaming text to show now. Text that has settled, or that was there at the start, is whole at once. */
export function useSmoothText(text: string, isLive: boolean): string {
  const [shown, setShown] = useState(text.length);
  const drawn = useRef({ length: text.length, atMs: 0, everyMs: 0 });
  const length = text.length;
  const startedAtMs = performance.now();
  useEffect(() => {
    const state = drawn.current;
    if (!isLive || prefersReducedMotion()) {
      state.length = length;
      setShown(length);
      return;
    }
    let frame = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const step = (nowMs: number) => {
      const reveal = { shown: state.length, length, elapsedMs: nowMs - state.atMs, everyMs: state.everyMs };
      if (isRevealDue(reveal)) {
        state.length = advanceReveal(reveal);
        state.atMs = nowMs;
        setShown(Math.floor(state.length));
      }
      if (state.length < length) wait();
    };
    // A frame that is only asked for to begin a draw has the whole page looked at once more than the draw itself.
    const wait = () => {
      if (state.everyMs < 2 * HALF_FRAME_MS) frame = requestAnimationFrame(step);
      else timer = setTimeout(() => step(performance.now()), restMs());
    };
    const restMs = () =>
      length - state.length > MAX_LAG_CHARS ? 0 : Math.max(0, state.atMs + state.everyMs - performance.now());
    wait();
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [length, isLive]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured at each draw of another part
  useLayoutEffect(() => {
    const state = drawn.current;
    // Half the way at a time: one slow frame says little.
    state.everyMs = (state.everyMs + redrawMs(performance.now() - startedAtMs)) / 2;
  }, [shown]);
  return isLive ? sliceGraphemes(text, shown) : text;
}

const prefersReducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
