/** Acquisition: the batch statement of the daemon. Called by `lib/chats/acquire` alone. */
import type { SqlExecutor } from "@/db/client";
import type { ChatFacts } from "./chat-facts";

export type AcquiredRun = ChatFacts & {
  chatId: string;
  rootChatId: string | null;
  runnerId: string;
  /** Of the chat, since it runs. */
  updatedAt: string;
  snapshotVersion: number;
  historyVersion: number;
  resetVersion: number;
  generationAttempt: number;
  /** This acquisition included. */
  crashCount: number;
  retryCount: number;
  request: "compact" | null;
  turnSteps: number;
  turnRuntimeMs: number;
  compactionCount: number;
};

/**
 * Claims the oldest pending chats that nobody else is claiming, in one statement; none for a worker that was taken for
 * dead. Plan: the partial index on `runnable_since` from its start, then primary keys. Durable as any other transition:
 * viewers are told of it, and a version that a crash of the database took back would come again with another meaning.
 */
export async function acquireRuns(
  sql: SqlExecutor,
  { workerId, limit }: { workerId: string; limit: number },
): Promise<AcquiredRun[]> {
  return sql<AcquiredRun[]>`
    WITH picked AS (
      SELECT chat_id FROM chat_runs
      WHERE runnable_since IS NOT NULL AND EXISTS (SELECT FROM workers WHERE id = ${workerId})
      ORDER BY runnable_since LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE chat_runs r SET worker_id = ${workerId}, runner_id = gen_random_uuid(), runnable_since = NULL,
        snapshot_version = snapshot_version + 1, generation_attempt = generation_attempt + 1,
        crash_count = crash_count + 1
      FROM picked WHERE r.chat_id = picked.chat_id
      RETURNING r.*
    ), moved AS (
      UPDATE chats c SET status = 'running', updated_at = clock_timestamp() FROM claimed
      WHERE c.id = claimed.chat_id RETURNING c.*
    )
    SELECT c.id AS "chatId", c.owner_id AS "ownerId", c.root_chat_id AS "rootChatId", c.workspace_id AS "workspaceId",
      c.template_id AS "templateId", coalesce(c.repository, w.repository) AS repository,
      coalesce(c.branch, w.branch) AS branch, c.system_prompt AS "systemPrompt",
      c.last_model_config_id AS "lastModelConfigId", c.last_reasoning_effort AS "lastReasoningEffort",
      c.parent_chat_id AS "parentChatId", c.agent_type AS "agentType", c.plan_mode AS "planMode", c.caller_tools AS "callerTools",
      runner_id AS "runnerId", c.updated_at AS "updatedAt", snapshot_version AS "snapshotVersion", history_version AS "historyVersion",
      reset_version AS "resetVersion", generation_attempt AS "generationAttempt", crash_count AS "crashCount", retry_count AS "retryCount",
      request, turn_steps AS "turnSteps", turn_runtime_ms AS "turnRuntimeMs", compaction_count AS "compactionCount",
      c.title, c.title_source AS "titleSource"
    FROM claimed JOIN moved c ON c.id = claimed.chat_id LEFT JOIN workspaces w ON w.id = c.workspace_id`;
}

/** Whether messages were taken back after the chat had this version. Primary key. */
export async function isHistoryRemovedSince(
  sql: SqlExecutor,
  { chatId, snapshotVersion }: { chatId: string; snapshotVersion: number },
): Promise<boolean> {
  const rows = await sql`
    SELECT FROM chat_runs WHERE chat_id = ${chatId} AND reset_version > ${snapshotVersion}::bigint`;
  return rows.length > 0;
}
