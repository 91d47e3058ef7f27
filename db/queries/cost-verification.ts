/** Proves that the roll-ups are the sums of the recorded calls, and each message's cost its record. Changes nothing but on request. */
import type { SqlExecutor } from "@/db/client";
import { closeDays, TOTAL_COLUMNS } from "./person-totals";

export const COST_CHECKS = ["cost_day", "cost_person_total", "message", "tree"] as const;

/** One figure that is not what the record says. */
export type CostMismatch = {
  /** `cost_day`: a day's sums; `cost_person_total`: a person's until a closed one's end. `message`: a message's cost or usage. `tree`: a call filed under another owner or root. */
  what: (typeof COST_CHECKS)[number];
  key: string;
  expected: string;
  found: string;
};

/** What to list: with everything broken, a thousand lines say as much as a million. */
const MAX_MISMATCHES = 1_000;

/**
 * Every difference, at most 1,000 of each kind; empty when all figures agree. Reads all calls, in one snapshot when it is
 * given a transaction of that isolation.
 */
export async function listCostMismatches(sql: SqlExecutor): Promise<CostMismatch[]> {
  return sql<CostMismatch[]>`
    (SELECT 'cost_day' AS what, concat_ws(' ', coalesce(e.owner_id, f.owner_id), coalesce(e.day, f.day),
        coalesce(e.root_chat_id, f.root_chat_id), coalesce(e.model_config_id, f.model_config_id)) AS key,
      coalesce(to_jsonb(e)::text, 'none') AS expected, coalesce(to_jsonb(f)::text, 'none') AS found
    FROM (${summedCalls(sql, CHAT_DAY)}) e
    FULL JOIN cost_days f ON f.owner_id = e.owner_id AND f.day = e.day AND f.root_chat_id = e.root_chat_id
      AND coalesce(f.model_config_id, '00000000-0000-0000-0000-000000000000')
        = coalesce(e.model_config_id, '00000000-0000-0000-0000-000000000000')
    WHERE to_jsonb(e) IS DISTINCT FROM to_jsonb(f)
    LIMIT ${MAX_MISMATCHES})
    UNION ALL
    (SELECT 'cost_person_total', concat_ws(' ', coalesce(e.day, f.day), coalesce(e.owner_id, f.owner_id)),
      coalesce(to_jsonb(e)::text, 'none'), coalesce(to_jsonb(f)::text, 'none')
    FROM (${totalsUntilClosed(sql)}) e
    FULL JOIN cost_person_totals f ON f.day = e.day AND f.owner_id = e.owner_id
    WHERE to_jsonb(e) IS DISTINCT FROM to_jsonb(f)
    LIMIT ${MAX_MISMATCHES})
    UNION ALL
    (SELECT 'message', concat_ws(' ', k.chat_id, k.message_id),
      concat_ws(' ', k.cost_micros, k.input_tokens, k.output_tokens, k.cache_read_tokens, k.cache_creation_tokens),
      concat_ws(' ', m.total_cost_micros, m.input_tokens, m.output_tokens, m.cache_read_tokens, m.cache_creation_tokens)
    FROM model_calls k JOIN chat_messages m ON m.chat_id = k.chat_id AND m.id = k.message_id
    WHERE (k.cost_micros, k.input_tokens, k.output_tokens, k.reasoning_tokens, k.cache_read_tokens,
        k.cache_creation_tokens)
      IS DISTINCT FROM (m.total_cost_micros, m.input_tokens, m.output_tokens, m.reasoning_tokens, m.cache_read_tokens,
        m.cache_creation_tokens)
    LIMIT ${MAX_MISMATCHES})
    UNION ALL
    (SELECT 'tree', k.id::text, concat_ws(' ', c.owner_id, coalesce(c.root_chat_id, c.id)),
      concat_ws(' ', k.owner_id, k.root_chat_id)
    FROM model_calls k JOIN chats c ON c.id = k.chat_id
    WHERE (k.owner_id, k.root_chat_id) <> (c.owner_id, coalesce(c.root_chat_id, c.id))
    LIMIT ${MAX_MISMATCHES})`;
}

/** Makes the roll-ups anew from the record. For data that was loaded in bulk; a running product never needs it. */
export async function rebuildCostDays(sql: SqlExecutor): Promise<void> {
  await sql`DELETE FROM cost_days`;
  await sql`DELETE FROM cost_person_totals`;
  await sql`INSERT INTO cost_days ${summedCalls(sql, CHAT_DAY)}`;
  await closeDays(sql);
}

const CHAT_DAY = "owner_id, day, root_chat_id, model_config_id";
const PERSON_DAY = "day, owner_id";

/** What each person's calls come to until the end of each day from their first to the last that is closed. */
const totalsUntilClosed = (sql: SqlExecutor) => sql`
  WITH spent AS (${summedCalls(sql, PERSON_DAY)}), days AS (
    SELECT owner_id, generate_series(min(day), (SELECT max(day) FROM cost_person_totals), '1 day')::date AS day
    FROM spent GROUP BY 1
  )
  SELECT ${sql.unsafe(PERSON_DAY)}, ${sql.unsafe(TOTAL_COLUMNS.map(untilDay).join(", "))} FROM days LEFT JOIN spent USING (day, owner_id)
  WINDOW until_day AS (PARTITION BY owner_id ORDER BY day)`;

const untilDay = (name: string): string => `(sum(${name}) OVER until_day)::bigint AS ${name}`;

/** The columns of a roll-up in their order: its key, and the sums. */
const summedCalls = (sql: SqlExecutor, key: string) => sql`
  SELECT ${sql.unsafe(key)}, coalesce(sum(cost_micros), 0)::bigint AS cost_micros, count(*) AS call_count,
    count(*) FILTER (WHERE cost_micros IS NULL) AS unpriced_call_count,
    count(*) FILTER (WHERE kind = 'step') AS message_count,
    count(*) FILTER (WHERE kind = 'step' AND cost_micros IS NULL) AS unpriced_message_count,
    coalesce(sum(input_tokens), 0)::bigint AS input_tokens, coalesce(sum(output_tokens), 0)::bigint AS output_tokens,
    coalesce(sum(cache_read_tokens), 0)::bigint AS cache_read_tokens,
    coalesce(sum(cache_creation_tokens), 0)::bigint AS cache_creation_tokens
  FROM (SELECT *, (created_at AT TIME ZONE 'UTC')::date AS day FROM model_calls) k GROUP BY ${sql.unsafe(key)}`;
