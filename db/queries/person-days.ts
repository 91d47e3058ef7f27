/** The roll-up of days that are over, per person. Written by the daemon's upkeep, never with a call. */
import { sql } from "drizzle-orm";
import type { Executor, SqlExecutor } from "@/db/client";

/** A call is dated by the start of its transaction, and none is open for an hour. */
const SETTLED_AFTER = "1 hour";

/**
 * Sums each day that is over and not closed yet, all in one statement; two at once write the same rows. By
 * `cost_days_day`. Returns how many rows were made.
 */
export async function closePersonDays(sql: SqlExecutor): Promise<number> {
  const { count } = await sql`
    INSERT INTO cost_person_days (day, owner_id, cost_micros, call_count, unpriced_call_count, message_count,
      unpriced_message_count, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens)
    SELECT day, owner_id, sum(cost_micros), sum(call_count), sum(unpriced_call_count), sum(message_count),
      sum(unpriced_message_count), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
      sum(cache_creation_tokens)
    FROM cost_days
    WHERE day > coalesce((SELECT max(day) FROM cost_person_days), '-infinity')
      AND day < (now() AT TIME ZONE 'UTC' - ${SETTLED_AFTER}::interval)::date
    GROUP BY 1, 2
    ON CONFLICT DO NOTHING`;
  return count;
}

/** The first UTC day that is not closed, `YYYY-MM-DD`; one before all days when none is. By the key's end. */
export async function findOpenDay(db: Executor): Promise<string> {
  const [row] = await db.execute<{ day: string }>(sql`
    SELECT coalesce(max(day) + 1, '0001-01-01')::text AS day FROM cost_person_days`);
  return row?.day ?? "";
}
