"use client";

import { useEffect } from "react";

/** Of the browser's highlight registry; `chat.css` gives it its colour. */
const HIGHLIGHT = "found-in-chat";
/** A row with more matches is marked as a whole. */
const MAX_RANGES = 200;

/** Marks a row that was found, and the words in it, beside React's own tree: nothing is drawn again for it. */
export function useFoundMark(rowKey: string | undefined, query: string): void {
  useEffect(() => {
    if (rowKey === undefined) return;
    // The row may only now be drawn.
    const frame = requestAnimationFrame(() => {
      const row = document.querySelector(`[data-row="${CSS.escape(rowKey)}"]`);
      if (!row) return;
      row.setAttribute("data-found", "");
      if ("highlights" in CSS && query.trim() !== "")
        CSS.highlights.set(HIGHLIGHT, new Highlight(...rangesOf(row, query.trim().toLowerCase())));
    });
    return () => {
      cancelAnimationFrame(frame);
      for (const row of document.querySelectorAll("[data-found]")) row.removeAttribute("data-found");
      if ("highlights" in CSS) CSS.highlights.delete(HIGHLIGHT);
    };
  }, [rowKey, query]);
}

function rangesOf(row: Element, wanted: string): Range[] {
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  const ranges: Range[] = [];
  while (walker.nextNode() && ranges.length < MAX_RANGES) {
    const node = walker.currentNode;
    const text = (node.textContent ?? "").toLowerCase();
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, Math.min(at + wanted.length, node.textContent?.length ?? 0));
      ranges.push(range);
    }
  }
  return ranges;
}
