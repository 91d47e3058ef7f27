/** The pace at which streamed text appears: steady to read, and never far behind what has arrived. */

const BASE_CHARS_PER_SECOND = 72;
const MAX_CHARS_PER_SECOND = 420;
/** The backlog at which the highest speed is reached. */
const FULL_SPEED_BACKLOG_CHARS = 180;
/** More than this may not be held back: an interrupt must not reveal a large hidden tail. */
export const MAX_LAG_CHARS = 120;
/** A background tab wakes with one long frame; it counts as this much. */
const MAX_FRAME_MS = 100;

/** Parsing and drawing a text may take this share of the time; the rest is for layout, and for what a person does. */
const DRAWING_SHARE = 1 / 8;
const MAX_REDRAW_MS = 100;

/** How long to leave a text as it is when drawing it took so long: a paragraph of many screens is parsed for each word. */
export const redrawMs = (drawingMs: number): number => Math.min(MAX_REDRAW_MS, drawingMs / DRAWING_SHARE);

/** As much as a fast model says. What may come before the next draw is not held back from this one. */
const COMING_CHARS_PER_MS = 1;

type Reveal = { shown: number; length: number; elapsedMs: number; everyMs?: number };

/** Frames come when they come: the one that is nearer to the wanted time is taken. */
export const HALF_FRAME_MS = 8;

/** Whether to show more now, or at a later frame. */
export const isRevealDue = ({ shown, length, elapsedMs, everyMs = 0 }: Reveal): boolean =>
  elapsedMs >= everyMs - HALF_FRAME_MS || length - shown > MAX_LAG_CHARS;

/** How many characters to show after `elapsedMs`, when `shown` were. Fractions add up over frames. */
export function advanceReveal({ shown, length, elapsedMs, everyMs = 0 }: Reveal): number {
  if (shown >= length) return length;
  const backlog = length - shown;
  const share = Math.min(1, backlog / FULL_SPEED_BACKLOG_CHARS);
  const speed = BASE_CHARS_PER_SECOND + (MAX_CHARS_PER_SECOND - BASE_CHARS_PER_SECOND) * share;
  const next = shown + (speed * Math.min(elapsedMs, MAX_FRAME_MS)) / 1000;
  return Math.min(length, Math.max(next, length - (MAX_LAG_CHARS - everyMs * COMING_CHARS_PER_MS)));
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The start of `text` up to `count` characters, moved back so that no grapheme is cut. */
export function sliceGraphemes(text: string, count: number): string {
  const end = Math.floor(count);
  if (end >= text.length) return text;
  // No grapheme in practice is longer; looking at the whole text on each frame would be slow.
  const from = Math.max(0, end - 32);
  const around = segmenter.segment(text.slice(from, end + 32)).containing(end - from);
  return text.slice(0, around ? from + around.index : end);
}
