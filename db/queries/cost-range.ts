/** The figures of a range of time: whole days from the roll-up, what is left at its ends from the record. Reads only. */
import { type SQL, sql } from "drizzle-orm";

/** `[start, end)`, RFC 3339. No end: until now, and whatever is recorded while one looks. */
export type CostRange = { start: string; end: string | null };

const DAY_MS = 86_400_000;

type Rollup = "cost_days" | "cost_person_days";

/**
 * Rows of `(owner_id, root_chat_id, model_config_id, figures…)` whose sums are exactly those of the calls in the range that
 * fulfil the condition; without one, of everybody. A range of whole UTC days reads the roll-up alone: `cost_days` by
 * `cost_days_unique`, person by person, or `cost_person_days`, by its key, which tells persons only. An end inside a day
 * adds that day's calls, by `model_calls_owner_id_created_at`.
 */
export function countedIn({ start, end }: CostRange, of: SQL | null, rollup: Rollup = "cost_days"): SQL {
  const startMs = Date.parse(start);
  const firstDayMs = Math.ceil(startMs / DAY_MS) * DAY_MS;
  const endMs = end === null ? null : Date.parse(end);
  const endDayMs = endMs === null ? null : Math.floor(endMs / DAY_MS) * DAY_MS;
  const inDays = sql`day >= ${isoDay(firstDayMs)}::date
    ${endDayMs === null ? sql`` : sql`AND day < ${isoDay(endDayMs)}::date`}`;
  const isByChat = rollup === "cost_days";
  const parts = [
    sql`SELECT owner_id, ${isByChat ? sql`root_chat_id, model_config_id` : sql`NULL::uuid, NULL::uuid`}, cost_micros,
      unpriced_call_count, message_count, unpriced_message_count, input_tokens, output_tokens, cache_read_tokens,
      cache_creation_tokens
      FROM ${sql.identifier(rollup)} ${!of && isByChat ? sql`JOIN ${spendersOf(inDays)} USING (owner_id)` : sql``}
      WHERE ${of ?? sql`true`} AND ${inDays}`,
  ];
  const headEndMs = endMs === null ? firstDayMs : Math.min(firstDayMs, endMs);
  if (startMs < headEndMs) parts.push(callsBetween(of, startMs, headEndMs));
  const tailStartMs = endDayMs === null ? null : Math.max(endDayMs, firstDayMs);
  if (endMs !== null && tailStartMs !== null && tailStartMs < endMs) parts.push(callsBetween(of, tailStartMs, endMs));
  return sql.join(parts, sql` UNION ALL `);
}

/** Everybody with a paid call in these days: calls and their chats are found through their owners. */
const spendersOf = (inDays: SQL): SQL => sql`(SELECT DISTINCT owner_id FROM cost_person_days WHERE ${inDays}) spenders`;

/** Of one person. */
export const ofOwner = (ownerId: string): SQL => sql`owner_id = ${ownerId}`;

/** The sums that every answer has, of rows of `countedIn`. */
export const summedFigures = sql`
  coalesce(sum(cost_micros), 0)::bigint AS total_cost_micros,
  coalesce(sum(message_count), 0)::bigint AS message_count,
  coalesce(sum(unpriced_message_count), 0)::bigint AS unpriced_message_count,
  coalesce(sum(unpriced_call_count), 0)::bigint AS unpriced_call_count,
  coalesce(sum(input_tokens), 0)::bigint AS total_input_tokens,
  coalesce(sum(output_tokens), 0)::bigint AS total_output_tokens,
  coalesce(sum(cache_read_tokens), 0)::bigint AS total_cache_read_tokens,
  coalesce(sum(cache_creation_tokens), 0)::bigint AS total_cache_creation_tokens`;

/** Of a part of one UTC day. */
function callsBetween(of: SQL | null, fromMs: number, toMs: number): SQL {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const spenders = of ? sql`` : sql`JOIN ${spendersOf(sql`day = ${isoDay(fromMs)}::date`)} USING (owner_id)`;
  return sql`SELECT owner_id, root_chat_id, model_config_id, coalesce(cost_micros, 0), (cost_micros IS NULL)::int,
    (kind = 'step')::int, (kind = 'step' AND cost_micros IS NULL)::int, coalesce(input_tokens, 0),
    coalesce(output_tokens, 0), coalesce(cache_read_tokens, 0), coalesce(cache_creation_tokens, 0)
    FROM model_calls ${spenders}
    WHERE ${of ?? sql`true`} AND created_at >= ${from}::timestamptz AND created_at < ${to}::timestamptz`;
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
