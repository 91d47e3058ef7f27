/** The order of pinned chats. Pure. */

/**
 * The order after a chat asked for a place, counted from 1: an unpinned chat goes to the end whatever it asked for,
 * a pinned one moves there (at most to the end), null unpins. Neighbours close up.
 */
export function placePin(pins: readonly string[], chatId: string, place: number | null): string[] {
  const others = pins.filter((id) => id !== chatId);
  if (place === null) return others;
  const index = pins.includes(chatId) ? Math.min(place - 1, others.length) : others.length;
  return others.toSpliced(index, 0, chatId);
}
