import type { TimelineRow } from "./timeline-rows";

/** Rows that are drawn, measured and taken away together. */
export type Chunk = { id: number; rows: readonly TimelineRow[] };

/** Small enough to draw in a few milliseconds, large enough that 10,000 messages are hundreds of boxes. */
const CHUNK_ROWS = 16;

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
