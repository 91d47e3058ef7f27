/** What each person spent until the end of a day that is over. Written by the daemon's upkeep, never with a call. */
import { sql } from "drizzle-orm";
import { type Executor, executePrepared, type SqlExecutor } from "@/db/client";

/** A call is dated by the start of its transaction, and none is open for an hour. */
const SETTLED_AFTER = "1 hour";

/** What is summed; the key is the day and the person. */
export const TOTAL_COLUMNS = [
  "cost_micros",
  "call_count",
  "unpriced_call_count",
  "message_count",
  "unpriced_message_count",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
] as const;

/** Closes every day that is over, up to the last on which anybody spent something, or until the signal is aborted. */
export async function closeDays(sql: SqlExecutor, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted && (await closeNextDay(sql)) > 0);
}

/**
 * Adds the first open day to the totals of the one before, in one statement; two at once write the same rows in the same
 * order. Days after the last with a call stay open, so that a clock that ran ahead closes none that has calls to come.
 * By `cost_days_day`. Returns how many rows were made: none when no day is to be closed, or another is doing it.
 */
export async function closeNextDay(sql: SqlExecutor): Promise<number> {
  const names = sql.unsafe(TOTAL_COLUMNS.join(", "));
  const { count } = await sql`
    INSERT INTO cost_person_totals (day, owner_id, ${names})
    SELECT next.day, owner_id, ${sql.unsafe(TOTAL_COLUMNS.map((name) => `sum(${name})`).join(", "))}
    FROM (SELECT coalesce((SELECT max(day) + 1 FROM cost_person_totals), (SELECT min(day) FROM cost_days)) AS day) next
    CROSS JOIN LATERAL (
      SELECT owner_id, ${names} FROM cost_person_totals WHERE day = next.day - 1
      UNION ALL
      SELECT owner_id, ${names} FROM cost_days WHERE day = next.day
    ) spent
    WHERE next.day <= (
      SELECT max(day) FROM cost_days WHERE day < (now() AT TIME ZONE 'UTC' - ${SETTLED_AFTER}::interval)::date)
    GROUP BY 1, 2 ORDER BY 2
    ON CONFLICT DO NOTHING`;
  return count;
}

/** The first UTC day that is not closed, `YYYY-MM-DD`; one before all days when none is. By the key's end. */
export async function findOpenDay(db: Executor): Promise<string> {
  const [row] = await executePrepared<{ day: string }>(
    db,
    sql`SELECT coalesce(max(day) + 1, '0001-01-01')::text AS day FROM cost_person_totals`,
  );
  return row?.day ?? "";
}
