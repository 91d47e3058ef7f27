import type { Chat } from "@/lib/contract/chats";

/**
 * Whether an open chat has left the list since its stream ended: it was archived, and may come back. A stream that ends
 * while the list still has the chat is access that was lost, and what the page shows stays as it is.
 */
export function hasLeft(
  before: boolean,
  { isDone, listed }: { isDone: boolean; listed: Pick<Chat, "archived"> | undefined },
): boolean {
  return before || (isDone && listed?.archived !== false);
}
