import type { TimelineRow } from "./timeline-rows";

/** Rows that are drawn, measured and taken away together. */
export type Chunk = { id: number; rows: readonly TimelineRow[] };

/** Small enough to draw in a few milliseconds, large enough that 10,000 messages are a thousand boxes at most. */
const CHUNK_ROWS = 8;

/** A row that stays where it is when older rows join: a person's message where there is one. */
export const findAnchorKey = (rows: readonly TimelineRow[]): string | undefined =>
  (rows.find((row) => row.kind === "user") ?? rows.at(-1))?.key;

/**
 * Cuts rows into chunks counted from the anchor, before it in negative numbers, so that rows which join at either end
 * leave the chunks between as they are.
 */
export function splitChunks(rows: readonly TimelineRow[], anchorKey: string | undefined): Chunk[] {
  const anchor = Math.max(
    0,
    rows.findIndex((row) => row.key === anchorKey),
  );
  const chunks: Chunk[] = [];
  for (let index = 0; index < rows.length; ) {
    const id = Math.floor((index - anchor) / CHUNK_ROWS);
    const end = Math.min(rows.length, anchor + (id + 1) * CHUNK_ROWS);
    chunks.push({ id, rows: rows.slice(index, end) });
    index = end;
  }
  return chunks;
}

export const isSameChunk = (a: Chunk, b: Chunk): boolean =>
  a.id === b.id && a.rows.length === b.rows.length && a.rows.every((row, index) => row === b.rows[index]);

/**
 * The index of the first chunk to draw where a chat opens at its end in a window of this height. What stands above comes
 * near at once and is drawn after the first frame, so that opening costs what is seen rather than what was sent.
 */
export function findFirstScreen(chunks: readonly Chunk[], windowPx: number): number {
  let heightPx = 0;
  for (let index = chunks.length - 1; index > 0; index -= 1) {
    for (const row of chunks[index]?.rows ?? []) heightPx += atLeastPx(row, windowPx);
    if (heightPx >= windowPx) return index;
  }
  return 0;
}

const LINE_PX = 20;
/** More than a line of the column holds. */
const LINE_CHARS = 110;
/** A line of a tool or of a turn's end, with the gap. */
const ROW_PX = 32;

/** A row is hardly ever lower: too much drawn costs a moment, too little would show a gap. */
function atLeastPx(row: TimelineRow, windowPx: number): number {
  if (row.kind !== "text") return ROW_PX;
  let lines = 0;
  for (const line of row.text.split("\n", windowPx / LINE_PX)) lines += Math.ceil(line.length / LINE_CHARS);
  return Math.max(ROW_PX, lines * LINE_PX);
}
