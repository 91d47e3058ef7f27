/** The transition `pending → running` for many chats at once. */
import { type AcquiredRun, acquireRuns } from "@/db/queries/chat-runs";
import { newsOfAcquisition } from "./news";
import type { ChatWriter } from "./transition";

/** At most this many in one statement, so that several workers share a rush. */
export const MAX_ACQUIRED = 10;

/**
 * Claims up to `limit` pending chats for a worker, oldest first; a chat that another worker is claiming is skipped.
 * Publishes nothing: the caller begins to buffer live parts first, then calls `announceAcquired`.
 */
export async function acquireChats(
  { sql }: ChatWriter,
  options: { workerId: string; limit: number },
): Promise<AcquiredRun[]> {
  return acquireRuns(sql, { ...options, limit: Math.min(options.limit, MAX_ACQUIRED) });
}

/** Tells viewers that the chat runs. */
export function announceAcquired({ pubsub }: ChatWriter, run: AcquiredRun): void {
  const { chatId, ownerId, rootChatId, snapshotVersion: version } = run;
  const hint = { type: "chat", chatId, ownerId, rootChatId, version, status: "running", runnable: false } as const;
  pubsub.publish({ ...hint, watch: ["status_change"] }, newsOfAcquisition(run));
}
