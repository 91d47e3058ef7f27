/** The transition `pending → running` for many chats at once. */
import { type AcquiredRun, acquireRuns } from "@/db/queries/chat-runs";
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
  const { chatId, ownerId, rootChatId, snapshotVersion } = run;
  pubsub.publish({
    type: "chat",
    chatId,
    ownerId,
    rootChatId,
    version: snapshotVersion,
    status: "running",
    watch: ["status_change"],
    runnable: false,
  });
}
