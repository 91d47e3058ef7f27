/** Acquisition: the batch statement of the daemon. Called by `lib/chats/acquire` alone. */
import type { SqlExecutor } from "@/db/client";

export type AcquiredRun = {
  chatId: string;
  ownerId: string;
  rootChatId: string | null;
  runnerId: string;
  snapshotVersion: number;
  historyVersion: number;
  generationAttempt: number;
  /** This acquisition included. */
  crashCount: number;
  retryCount: number;
};

/**
 * Claims the oldest pending chats that nobody else is claiming, in one statement. Plan: the partial index on
 * `runnable_since` from its start, then primary keys.
 */
export async function acquireRuns(
  sql: SqlExecutor,
  { workerId, limit }: { workerId: string; limit: number },
): Promise<AcquiredRun[]> {
  return sql<AcquiredRun[]>`
    WITH picked AS (
      SELECT chat_id FROM chat_runs WHERE runnable_since IS NOT NULL
      ORDER BY runnable_since LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE chat_runs r SET worker_id = ${workerId}, runner_id = gen_random_uuid(), runnable_since = NULL,
        snapshot_version = snapshot_version + 1, generation_attempt = generation_attempt + 1,
        crash_count = crash_count + 1
      FROM picked WHERE r.chat_id = picked.chat_id
      RETURNING r.*
    ), moved AS (
      UPDATE chats c SET status = 'running', updated_at = clock_timestamp() FROM claimed
      WHERE c.id = claimed.chat_id RETURNING c.id, c.owner_id, c.root_chat_id
    )
    SELECT claimed.chat_id AS "chatId", moved.owner_id AS "ownerId", moved.root_chat_id AS "rootChatId",
      runner_id AS "runnerId", snapshot_version AS "snapshotVersion", history_version AS "historyVersion",
      generation_attempt AS "generationAttempt", crash_count AS "crashCount", retry_count AS "retryCount"
    FROM claimed JOIN moved ON moved.id = claimed.chat_id`;
}
