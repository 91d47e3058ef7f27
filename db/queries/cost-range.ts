/** The figures of a range of time: whole days from the roll-ups, what is left at its ends from the record. Reads only. */
import { type SQL, sql } from "drizzle-orm";
import { TOTAL_COLUMNS } from "./person-totals";

/** `[start, end)`, RFC 3339. No end: until now, and whatever is recorded while one looks. */
export type CostRange = { start: string; end: string | null };

const DAY_MS = 86_400_000;

/**
 * Rows of `(owner_id, root_chat_id, model_config_id, figures…)` whose sums are exactly those of the calls in the range that
 * fulfil the condition; without one, of everybody. A range of whole UTC days reads `cost_days` alone, by
 * `cost_days_unique` of one person, by `cost_days_day` of all. An end inside a day adds that day's calls.
 */
export function countedIn(range: CostRange, of: SQL | null): SQL {
  const key = sql`owner_id, root_chat_id, model_config_id`;
  const rows = sql`SELECT ${key}, ${figures} FROM cost_days WHERE ${of ?? sql`true`} AND ${inDays(wholeDays(range))}`;
  return sql.join([rows, ...callsAtEnds({ range, of, key })], sql` UNION ALL `);
}

/**
 * Of everybody who has calls in the range, rows of `(owner_id, figures…)`: one a person for all days that are closed,
 * however many. What is not closed (`findOpenDay`, asked before: what is closed meanwhile is in both) has more.
 */
export function countedByPerson(range: CostRange, openDay: string): SQL {
  const { from, to } = wholeDays(range);
  const closed = { from, to: to === null || to > openDay ? openDay : to };
  const open = { from: from < openDay ? openDay : from, to };
  const parts = [
    ...(closed.from < closed.to ? [closedTotals(closed)] : []),
    sql`SELECT owner_id, ${figures} FROM cost_days WHERE ${inDays(open)}`,
    ...callsAtEnds({ range, of: null, key: sql`owner_id` }),
  ];
  return sql.join(parts, sql` UNION ALL `);
}

/** What the totals of the last day have more than those of the day before the first; who had none before has all. */
function closedTotals({ from, to }: { from: string; to: string }): SQL {
  const grown = FIGURES.map((name) => `t.${name} - coalesce(b.${name}, 0) AS ${name}`);
  return sql`SELECT t.owner_id, ${sql.raw(grown.join(", "))}
    FROM cost_person_totals t
    LEFT JOIN cost_person_totals b ON b.owner_id = t.owner_id AND b.day = ${from}::date - 1
    WHERE t.day = ${to}::date - 1 AND t.call_count IS DISTINCT FROM b.call_count`;
}

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

/** What every answer tells of the sums, in the order in which `callsBetween` has them. */
const FIGURES = TOTAL_COLUMNS.filter((name) => name !== "call_count");
const figures = sql.raw(FIGURES.join(", "));

/** `[from, to)`, of UTC, as `YYYY-MM-DD`; no end: all that follow. */
type Days = { from: string; to: string | null };

const firstDayMs = ({ start }: CostRange): number => Math.ceil(Date.parse(start) / DAY_MS) * DAY_MS;
const endDayMs = (end: string): number => Math.floor(Date.parse(end) / DAY_MS) * DAY_MS;

const wholeDays = (range: CostRange): Days => ({
  from: isoDay(firstDayMs(range)),
  to: range.end === null ? null : isoDay(endDayMs(range.end)),
});

const inDays = ({ from, to }: Days): SQL =>
  sql`day >= ${from}::date ${to === null ? sql`` : sql`AND day < ${to}::date`}`;

type Ends = { range: CostRange; of: SQL | null; key: SQL };

/** The calls before the range's first whole day and after its last. */
function callsAtEnds({ range, ...rest }: Ends): SQL[] {
  const [startMs, headEndMs] = [Date.parse(range.start), firstDayMs(range)];
  const endMs = range.end === null ? Number.POSITIVE_INFINITY : Date.parse(range.end);
  const tailStartMs = range.end === null ? endMs : Math.max(endDayMs(range.end), headEndMs);
  const spans = [
    { fromMs: startMs, toMs: Math.min(headEndMs, endMs) },
    { fromMs: tailStartMs, toMs: endMs },
  ];
  return spans.filter(({ fromMs, toMs }) => fromMs < toMs).map((span) => callsBetween({ ...rest, ...span }));
}

type Span = Omit<Ends, "range"> & { fromMs: number; toMs: number };

/** Of a part of one UTC day, by `model_calls_owner_id_created_at`: everybody's are found through who spent that day. */
function callsBetween({ of, key, fromMs, toMs }: Span): SQL {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const spenders = sql`JOIN (SELECT DISTINCT owner_id FROM cost_days WHERE day = ${isoDay(fromMs)}::date) s
    USING (owner_id)`;
  return sql`SELECT ${key}, coalesce(cost_micros, 0), (cost_micros IS NULL)::int, (kind = 'step')::int,
    (kind = 'step' AND cost_micros IS NULL)::int, coalesce(input_tokens, 0), coalesce(output_tokens, 0),
    coalesce(cache_read_tokens, 0), coalesce(cache_creation_tokens, 0)
    FROM model_calls ${of ? sql`` : spenders}
    WHERE ${of ?? sql`true`} AND created_at >= ${from}::timestamptz AND created_at < ${to}::timestamptz`;
}

const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
