"use client";

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

export type ScrollMode = "following" | "detached";

/** So near to the end that a person means the end. */
const NEAR_END_PX = 24;

/**
 * Whether the list follows its end after a scroll. `top` is 0 at the end and negative above it, as in a reversed column.
 * Any move up detaches; a move down that comes near the end follows again.
 */
export function nextScrollMode(options: { mode: ScrollMode; previousTop: number; top: number }): ScrollMode {
  const { mode, previousTop, top } = options;
  const moved = top - previousTop;
  if (moved < -1) return "detached";
  if (moved > 0 && top >= -NEAR_END_PX) return "following";
  return mode;
}

/** The mode of a list that was brought to a place: at its end it follows, as when a person goes there. */
export const modeAt = (top: number): ScrollMode => (top >= -NEAR_END_PX ? "following" : "detached");

/** Between the window's edge and a row that is brought there. */
const ROW_ABOVE_PX = 16;

type Anchor = { element: Element; offset: number };

/**
 * Follow and detach for a scroller whose column is reversed: it begins at its end before any script runs, stays there
 * while text grows, and rows that join in front move nothing. What is left to do is to hold the row that a person reads
 * while the end below it grows.
 */
export function useScrollFollow(options: {
  scroller: RefObject<HTMLElement | null>;
  content: RefObject<HTMLElement | null>;
}): { mode: ScrollMode; jumpToLatest: () => void; showRow: (row: { key: string; block: "center" | "start" }) => void } {
  const { scroller, content } = options;
  const [mode, setMode] = useState<ScrollMode>("following");
  const current = useRef<{ mode: ScrollMode; top: number; anchor: Anchor | undefined }>({
    mode: "following",
    top: 0,
    anchor: undefined,
  });

  useEffect(() => {
    const box = scroller.current;
    const rows = content.current;
    if (!box || !rows) return;
    const state = current.current;

    const onScroll = () => {
      // The echo of our own correction. Reading the anchor now would take growth that is not yet corrected for its place.
      if (Math.abs(box.scrollTop - state.top) < 1) return;
      adopt();
    };
    const adopt = () => {
      state.mode = nextScrollMode({ mode: state.mode, previousTop: state.top, top: box.scrollTop });
      state.top = box.scrollTop;
      state.anchor = state.mode === "detached" ? findAnchor(box, rows) : undefined;
      setMode(state.mode);
    };
    const hold = () => {
      if (state.mode === "following") box.scrollTop = 0;
      else if (state.anchor?.element.isConnected) {
        const moved = offsetIn(box, state.anchor.element) - state.anchor.offset;
        if (Math.abs(moved) > 0.5) box.scrollTop += moved;
      }
      state.top = box.scrollTop;
    };
    // A person may have scrolled before this script ran.
    if (box.scrollTop < -NEAR_END_PX) adopt();
    const observer = new ResizeObserver(hold);
    observer.observe(rows);
    observer.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, [scroller, content]);

  const jumpToLatest = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    box.scrollTop = 0;
    Object.assign(current.current, { mode: "following", top: 0, anchor: undefined });
    setMode("following");
  }, [scroller]);

  const showRow = useCallback(
    ({ key, block }: { key: string; block: "center" | "start" }) => {
      const box = scroller.current;
      const element = content.current?.querySelector(`[data-row="${CSS.escape(key)}"]`);
      if (!box || !element) return;
      const room = block === "start" ? ROW_ABOVE_PX : (box.clientHeight - element.clientHeight) / 2;
      box.scrollTop += offsetIn(box, element) - Math.max(ROW_ABOVE_PX, room);
      const shown = modeAt(box.scrollTop);
      Object.assign(current.current, {
        mode: shown,
        top: box.scrollTop,
        anchor: shown === "detached" ? { element, offset: offsetIn(box, element) } : undefined,
      });
      setMode(shown);
    },
    [scroller, content],
  );

  return { mode, jumpToLatest, showRow };
}

const offsetIn = (box: Element, element: Element) =>
  element.getBoundingClientRect().top - box.getBoundingClientRect().top;

/** Marks the elements that a person reads: one of them is held in place. What stands around them comes and goes. */
export const SCROLL_ROW = { "data-scroll-row": "" };

/** The first row of which something is visible. Rows lie below each other, so half of them are skipped at a time. */
function findAnchor(box: Element, content: Element): Anchor | undefined {
  const boxTop = box.getBoundingClientRect().top;
  const rows = content.querySelectorAll("[data-scroll-row]");
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const bottom = rows[middle]?.getBoundingClientRect().bottom ?? 0;
    if (bottom > boxTop) high = middle;
    else low = middle + 1;
  }
  const element = rows[low];
  return element && { element, offset: offsetIn(box, element) };
}
