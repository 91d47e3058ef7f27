/** First results of idempotent requests, kept for 24 hours. Decides nothing about what they mean. */
import type { SqlExecutor } from "@/db/client";
import { toJsonb } from "@/db/json";

export type IdempotencyPlace = { userId: string; route: string; key: string };
export type IdempotencyRecord = { bodyHash: string; response: unknown };

/** The recorded result of the last 24 hours. */
export async function findIdempotencyRecord(
  sql: SqlExecutor,
  { userId, route, key }: IdempotencyPlace,
): Promise<IdempotencyRecord | undefined> {
  const [row] = await sql<IdempotencyRecord[]>`
    SELECT body_hash AS "bodyHash", response FROM idempotency_keys
    WHERE user_id = ${userId} AND route = ${route} AND key = ${key} AND created_at > now() - interval '24 hours'`;
  return row;
}

/**
 * Records a result in the transaction of its effect; false when the key is taken. Waits for another transaction that is
 * recording the same key. Clears away up to 100 records of other keys that are over.
 */
export async function insertIdempotencyRecord(
  tx: SqlExecutor,
  { userId, route, key, bodyHash, response }: IdempotencyPlace & IdempotencyRecord,
): Promise<boolean> {
  const rows = await tx`
    WITH over AS (
      DELETE FROM idempotency_keys WHERE ctid IN (
        SELECT ctid FROM idempotency_keys
        WHERE created_at < now() - interval '24 hours' AND (user_id, route, key) <> (${userId}::uuid, ${route}, ${key})
        ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED)
    )
    INSERT INTO idempotency_keys AS k (user_id, route, key, body_hash, response)
    VALUES (${userId}, ${route}, ${key}, ${bodyHash}, ${toJsonb(response)}::text::jsonb)
    ON CONFLICT (user_id, route, key) DO UPDATE
      SET body_hash = excluded.body_hash, response = excluded.response, created_at = now()
      WHERE k.created_at <= now() - interval '24 hours'
    RETURNING 1`;
  return rows.length > 0;
}
