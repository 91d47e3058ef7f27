/** The queue with one message at another place; `position` counts from 1, beyond the end means last. */
export function orderQueue<Item extends { id: number }>(
  queue: readonly Item[],
  move: { id: number; position: number } | undefined,
): readonly Item[] {
  const moved = move && queue.find((item) => item.id === move.id);
  if (!moved) return queue;
  return queue.filter((item) => item !== moved).toSpliced(Math.max(0, move.position - 1), 0, moved);
}

/** The place, from 1, of a row that was dragged by so many pixels. */
export function draggedPosition(options: { index: number; movedPx: number; rowPx: number; count: number }): number {
  const { index, movedPx, rowPx, count } = options;
  const to = index + Math.round(movedPx / Math.max(1, rowPx));
  return Math.min(count, Math.max(1, to + 1));
}
