/** Worker processes: registration, heartbeat, death. All times are the database's. */
import type { SqlExecutor } from "@/db/client";

export type NewWorker = { id: string; installId: string; bootId: string; version: string; lockKey: number };

export async function insertWorker(sql: SqlExecutor, worker: NewWorker): Promise<void> {
  await sql`
    INSERT INTO workers (id, install_id, boot_id, version, lock_key)
    VALUES (${worker.id}, ${worker.installId}, ${worker.bootId}, ${worker.version}, ${worker.lockKey})`;
}

/** Renews the lease. False: the row is gone, so others have taken this worker for dead and it must stop. */
export async function updateHeartbeat(sql: SqlExecutor, { id }: { id: string }): Promise<boolean> {
  const rows = await sql`UPDATE workers SET heartbeat_at = clock_timestamp() WHERE id = ${id} RETURNING id`;
  return rows.length === 1;
}

export async function deleteWorker(sql: SqlExecutor, { id }: { id: string }): Promise<void> {
  await sql`DELETE FROM workers WHERE id = ${id}`;
}

/** Removes workers whose session lock was missing in two looks. */
export async function deleteWorkers(sql: SqlExecutor, { ids }: { ids: string[] }): Promise<void> {
  await sql`DELETE FROM workers WHERE id = ANY(${ids})`;
}

/** Removes workers of earlier boots of this installation: for the embedded database, which one supervisor alone can hold. */
export async function deleteWorkersOfOtherBoots(
  sql: SqlExecutor,
  { installId, bootId }: { installId: string; bootId: string },
): Promise<number> {
  const rows = await sql`DELETE FROM workers WHERE install_id = ${installId} AND boot_id <> ${bootId} RETURNING id`;
  return rows.length;
}

export type OrphanedRun = { chatId: string; runnerId: string; historyVersion: number };

export type Look = {
  /** Some chat is pending. */
  hasPending: boolean;
  /** Chats wait at a spend limit. */
  hasLimited: boolean;
  /** Somebody was deleted whose agents are to be ended. */
  hasEnding: boolean;
  /** Runs of workers that are gone. */
  orphans: OrphanedRun[];
  /** Runs of this worker that must not go on: interrupted, or no longer its own. */
  disturbed: { chatId: string; runnerId: string; status: string }[];
  /** Chats whose callers did not answer in time. */
  overdue: string[];
  /** Of the given runners, those that own no chat any more. */
  fenced: string[];
  /** Runs of this worker that are not among the given runners: the answer to their claim was lost. */
  strays: OrphanedRun[];
  /** Other workers whose session lock nobody holds now: a read of `pg_locks`, never a try-lock. */
  unlocked: string[];
};

/**
 * Everything a daemon looks at once a second, in one statement: removes workers whose lease ran out by the database's
 * clock (not within one lease of its start, when every heartbeat looks old), and reads the rest of `Look`.
 * Partial indexes on `runnable_since`, `answer_due_at`, `worker_id` and `pause_reason`; the workers table has a row per process.
 */
export async function lookAround(
  sql: SqlExecutor,
  { workerId, leaseMs, runnerIds }: { workerId: string; leaseMs: number; runnerIds: string[] },
): Promise<Look> {
  const [row] = await sql<Look[]>`
    WITH settled AS (
      SELECT clock_timestamp() > pg_postmaster_start_time() + ${leaseMs} * interval '1 millisecond' AS ok
    ), expired AS (
      DELETE FROM workers USING settled
      WHERE ok AND heartbeat_at < clock_timestamp() - ${leaseMs} * interval '1 millisecond'
      RETURNING id
    )
    SELECT EXISTS (SELECT 1 FROM chat_runs WHERE runnable_since IS NOT NULL) AS "hasPending",
      EXISTS (SELECT 1 FROM chats WHERE pause_reason = 'spend_limit') AS "hasLimited",
      EXISTS (SELECT 1 FROM users WHERE deleted_at IS NOT NULL AND agents_ended_at IS NULL) AS "hasEnding",
      (SELECT coalesce(jsonb_agg(jsonb_build_object('chatId', chat_id, 'runnerId', runner_id,
        'historyVersion', history_version)), '[]') FROM (
        SELECT chat_id, runner_id, history_version FROM chat_runs r WHERE worker_id IS NOT NULL AND (
          worker_id IN (SELECT id FROM expired) OR NOT EXISTS (SELECT 1 FROM workers w WHERE w.id = r.worker_id))
        LIMIT 100) AS orphan) AS orphans,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('chatId', r.chat_id, 'runnerId', r.runner_id, 'status', c.status)), '[]')
        FROM chat_runs r JOIN chats c ON c.id = r.chat_id
        WHERE r.worker_id = ${workerId} AND c.status <> 'running') AS disturbed,
      (SELECT coalesce(jsonb_agg(mine), '[]') FROM unnest(${runnerIds}::uuid[]) AS mine WHERE NOT EXISTS (
        SELECT 1 FROM chat_runs r WHERE r.worker_id = ${workerId} AND r.runner_id = mine)) AS fenced,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('chatId', chat_id, 'runnerId', runner_id,
        'historyVersion', history_version)), '[]')
        FROM chat_runs WHERE worker_id = ${workerId} AND runner_id <> ALL(${runnerIds}::uuid[])) AS strays,
      (SELECT coalesce(jsonb_agg(chat_id), '[]') FROM (
        SELECT chat_id FROM chat_runs WHERE answer_due_at <= clock_timestamp() LIMIT 100) AS late) AS overdue,
      (SELECT coalesce(jsonb_agg(id), '[]') FROM workers w, settled
        WHERE ok AND id <> ${workerId} AND lock_key IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (l.classid::bigint << 32 | l.objid::bigint) = w.lock_key)) AS unlocked`;
  return row as Look;
}
