/** Checkpoints of live parts: appended frames of running episodes. A step's commit deletes them, not this file. */
import type { SqlExecutor } from "@/db/client";
import type { LivePart } from "@/lib/contract/events";
import type { MessageRole } from "@/lib/contract/messages";

export type CheckpointedFrame = { seq: number; role: MessageRole; part: LivePart };

export type Checkpoint = {
  chatId: string;
  historyVersion: number;
  attempt: number;
  firstSeq: number;
  /** JSON text of `[role, part][]`; `firstSeq` is the number of the first. */
  frames: string;
};

/**
 * Appends checkpoints of many episodes in one statement, without waiting for the disk: losing the last ones in a power
 * cut is allowed. An episode that is not the chat's current one any more is left out. Setting `synchronous_commit`
 * inside the statement is enough, since it is looked at when the statement's own transaction commits.
 */
export async function insertCheckpoints(executor: SqlExecutor, options: { checkpoints: Checkpoint[] }): Promise<void> {
  const { checkpoints } = options;
  await executor`
    WITH relaxed AS (SELECT set_config('synchronous_commit', 'off', true))
    INSERT INTO chat_part_checkpoints (chat_id, history_version, attempt, first_seq, frames)
    SELECT given.chat_id, given.history_version, given.attempt, given.first_seq, given.frames::jsonb
    FROM relaxed, unnest(
      ${checkpoints.map((one) => one.chatId)}::uuid[], ${checkpoints.map((one) => one.historyVersion)}::bigint[],
      ${checkpoints.map((one) => one.attempt)}::int[], ${checkpoints.map((one) => one.firstSeq)}::int[],
      ${checkpoints.map((one) => one.frames)}::text[]
    ) AS given (chat_id, history_version, attempt, first_seq, frames)
    JOIN chat_runs r ON r.chat_id = given.chat_id
      AND r.history_version = given.history_version AND r.generation_attempt = given.attempt
    ON CONFLICT DO NOTHING`;
}

/** The frames of an episode after `afterSeq`, in order. Range scan on the primary key. */
export async function listCheckpointedFrames(
  executor: SqlExecutor,
  options: { chatId: string; historyVersion: number; attempt: number; afterSeq: number },
): Promise<CheckpointedFrame[]> {
  const { chatId, historyVersion, attempt, afterSeq } = options;
  const rows = await executor<{ firstSeq: number; frames: [MessageRole, LivePart][] }[]>`
    SELECT first_seq AS "firstSeq", frames FROM chat_part_checkpoints
    WHERE chat_id = ${chatId} AND history_version = ${historyVersion}::bigint AND attempt = ${attempt}::int
      AND first_seq > ${afterSeq}::int
    ORDER BY first_seq`;
  return rows.flatMap(({ firstSeq, frames }) =>
    frames.map(([role, part], index) => ({ seq: firstSeq + index, role, part })),
  );
}

/** The newest attempt at a history version that left checkpoints. */
export async function findCheckpointedAttempt(
  executor: SqlExecutor,
  options: { chatId: string; historyVersion: number },
): Promise<number | undefined> {
  const [row] = await executor<{ attempt: number | null }[]>`
    SELECT max(attempt) AS attempt FROM chat_part_checkpoints
    WHERE chat_id = ${options.chatId} AND history_version = ${options.historyVersion}::bigint`;
  return row?.attempt ?? undefined;
}
