import type { KeyboardEvent } from "react";

const STEPS: Record<string, { selector: string; by: 1 | -1 }> = {
  j: { selector: "[data-diff-line]", by: 1 },
  k: { selector: "[data-diff-line]", by: -1 },
  n: { selector: "[data-diff-file]", by: 1 },
  p: { selector: "[data-diff-file]", by: -1 },
};

/** j and k to the next and previous line, n and p to the next and previous file of those that are drawn. */
export function moveByKey(event: KeyboardEvent, scroller: HTMLElement | null): void {
  const step = STEPS[event.key];
  if (!step || !scroller || !isViewerKey(event)) return;
  const stops = [...scroller.querySelectorAll<HTMLElement>(step.selector)].sort(byPlace);
  const next = findNext(stops, step.by, scroller);
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: step.selector === "[data-diff-file]" ? "start" : "nearest" });
}

/** Not typed into a comment, and no shortcut of the browser. */
export function isViewerKey(event: KeyboardEvent): boolean {
  const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea");
  return !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** The list draws rows in any order. */
const byPlace = (a: HTMLElement, b: HTMLElement) => topOf(a) - topOf(b);
const topOf = (element: Element) => element.getBoundingClientRect().top;

function findNext(stops: HTMLElement[], by: 1 | -1, scroller: HTMLElement): HTMLElement | undefined {
  const { activeElement } = document;
  const isInside = activeElement !== null && activeElement !== scroller && scroller.contains(activeElement);
  // From where the focus is, or from the upper edge of what is seen.
  const from = isInside ? topOf(activeElement) : topOf(scroller) - 1;
  return by === 1 ? stops.find((stop) => topOf(stop) > from) : stops.findLast((stop) => topOf(stop) < from);
}
