/** Worker processes: registration, heartbeat, death. All times are the database's. */
import type { SqlExecutor } from "@/db/client";

export type NewWorker = { id: string; installId: string; bootId: string; version: string; lockKey: number };

export async function insertWorker(sql: SqlExecutor, worker: NewWorker): Promise<void> {
  await sql`
    INSERT INTO workers (id, install_id, boot_id, version, lock_key)
    VALUES (${worker.id}, ${worker.installId}, ${worker.bootId}, ${worker.version}, ${worker.lockKey})`;
}

/** Renews the lease. False: the row is gone, so others have taken this worker for dead and it must stop. */
export async function updateHeartbeat(
  sql: SqlExecutor,
  { id, draining }: { id: string; draining: boolean },
): Promise<boolean> {
  const rows = await sql`
    UPDATE workers SET heartbeat_at = clock_timestamp(), draining = ${draining} WHERE id = ${id} RETURNING id`;
  return rows.length === 1;
}

export async function deleteWorker(sql: SqlExecutor, { id }: { id: string }): Promise<void> {
  await sql`DELETE FROM workers WHERE id = ${id}`;
}

/**
 * Removes workers whose lease ran out by the database's clock; not within one lease of its start, when every
 * heartbeat looks old. Their runs become orphans. Returns how many.
 */
export async function deleteExpiredWorkers(sql: SqlExecutor, { leaseMs }: { leaseMs: number }): Promise<number> {
  const rows = await sql`
    DELETE FROM workers WHERE heartbeat_at < clock_timestamp() - ${leaseMs} * interval '1 millisecond'
      AND clock_timestamp() > pg_postmaster_start_time() + ${leaseMs} * interval '1 millisecond'
    RETURNING id`;
  return rows.length;
}

/** Removes workers of earlier boots of this installation: for the embedded database, which one supervisor alone can hold. */
export async function deleteWorkersOfOtherBoots(
  sql: SqlExecutor,
  { installId, bootId }: { installId: string; bootId: string },
): Promise<number> {
  const rows = await sql`DELETE FROM workers WHERE install_id = ${installId} AND boot_id <> ${bootId} RETURNING id`;
  return rows.length;
}

/**
 * Of the given workers, those whose advisory lock nobody holds now. A read of `pg_locks`, never a try-lock.
 * The key's halves are `classid` and `objid`.
 */
export async function listUnlockedWorkers(sql: SqlExecutor): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    SELECT id FROM workers w WHERE NOT EXISTS (
      SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (l.classid::bigint << 32 | l.objid::bigint) = w.lock_key)
      AND clock_timestamp() > pg_postmaster_start_time() + interval '10 seconds'`;
  return rows.map((row) => row.id);
}
