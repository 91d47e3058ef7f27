/** What people spent, summed for pages and the API. Reads only; whose figures may be seen is the caller's to check. */
import { type SQL, sql } from "drizzle-orm";
import { type Executor, executePrepared } from "@/db/client";
import type { CostDay, CostSummary, ModelCost, RootChatCost, UserCost, UserCosts } from "@/lib/contract/costs";
import { type CostRange, countedByPerson, countedIn, ofOwner, summedFigures } from "./cost-range";
import { findOpenDay } from "./person-totals";

/** Chats in one summary. */
const MAX_CHATS = 1_000;

type Figures = {
  total_cost_micros: number;
  message_count: number;
  unpriced_message_count: number;
  unpriced_call_count: number;
  total_input_tokens: number;
  total_output_tokens: number;
  total_cache_read_tokens: number;
  total_cache_creation_tokens: number;
};
type SummaryRow = Figures & {
  level: "all" | "model" | "chat";
  key: string | null;
  count: number;
  display_name: string | null;
  provider: string | null;
  provider_name: string | null;
  model: string | null;
  chat_title: string | null;
  status: RootChatCost["status"];
  archived: boolean | null;
  pull_request_state: RootChatCost["pull_request_state"];
  pull_request_draft: boolean | null;
};

export type SummaryFigures = Omit<CostSummary, "start_date" | "end_date" | "usage_limit">;

/** A person's totals, and their parts by model and by root chat (the dearest), in one pass over the range. */
export async function getCostSummary(
  db: Executor,
  { ownerId, chatLimit = MAX_CHATS, ...range }: CostRange & { ownerId: string; chatLimit?: number },
): Promise<SummaryFigures> {
  const rows = await executePrepared<SummaryRow>(
    db,
    sql`
    WITH counted AS (${countedIn(range, ofOwner(ownerId))}), summed AS (
      SELECT CASE grouping(model_config_id, root_chat_id) WHEN 3 THEN 'all' WHEN 1 THEN 'model' ELSE 'chat' END AS level,
        coalesce(model_config_id, root_chat_id) AS key, ${summedFigures}
      FROM counted GROUP BY GROUPING SETS ((), (model_config_id), (root_chat_id))
    ), ranked AS (
      SELECT *, count(*) OVER (PARTITION BY level)::int AS count,
        row_number() OVER (PARTITION BY level ORDER BY total_cost_micros DESC, message_count DESC, key) AS rank
      FROM summed
    )
    SELECT r.*, m.display_name, m.model, p.provider, p.display_name AS provider_name, c.title AS chat_title, c.status,
      c.archived, d.pull_request_state, d.pull_request_draft
    FROM ranked r
    LEFT JOIN chat_model_configs m ON r.level = 'model' AND m.id = r.key
    LEFT JOIN chat_providers p ON p.id = m.provider_id
    LEFT JOIN chats c ON r.level = 'chat' AND c.id = r.key
    LEFT JOIN chat_diff_statuses d ON d.chat_id = c.id
    WHERE r.level <> 'chat' OR r.rank <= ${chatLimit} ORDER BY r.level, r.rank`,
  );
  const of = (level: SummaryRow["level"]) => rows.filter((row) => row.level === level);
  const [all] = of("all");
  const { message_count, ...totals } = figuresOf(all ?? NOTHING);
  const unpriced = all?.unpriced_message_count ?? 0;
  return {
    ...totals,
    priced_message_count: message_count - unpriced,
    unpriced_message_count: unpriced,
    chat_count: of("chat")[0]?.count ?? 0,
    by_model: of("model").map(toModelCost),
    by_chat: of("chat").map(toRootChatCost),
  };
}

const NOTHING: Figures = {
  total_cost_micros: 0,
  message_count: 0,
  unpriced_message_count: 0,
  unpriced_call_count: 0,
  total_input_tokens: 0,
  total_output_tokens: 0,
  total_cache_read_tokens: 0,
  total_cache_creation_tokens: 0,
};

const figuresOf = (row: Figures) => ({
  total_cost_micros: row.total_cost_micros,
  message_count: row.message_count,
  unpriced_call_count: row.unpriced_call_count,
  total_input_tokens: row.total_input_tokens,
  total_output_tokens: row.total_output_tokens,
  total_cache_read_tokens: row.total_cache_read_tokens,
  total_cache_creation_tokens: row.total_cache_creation_tokens,
});

/** A configuration that was deleted keeps its name; a call without one has none. */
const toModelCost = (row: SummaryRow): ModelCost => ({
  model_config_id: row.key,
  display_name: row.display_name ?? "Unknown model",
  provider: row.provider ?? "unknown",
  provider_name: row.provider_name ?? "Unknown",
  model: row.model ?? "unknown",
  ...figuresOf(row),
});

const toRootChatCost = (row: SummaryRow): RootChatCost => ({
  root_chat_id: row.key ?? "",
  chat_title: row.chat_title ?? "",
  status: row.status,
  archived: row.archived ?? false,
  pull_request_state: row.pull_request_state,
  pull_request_draft: row.pull_request_draft ?? false,
  ...figuresOf(row),
});

/** SQL of each column that one can sort by. */
const USER_SORTS: Record<string, SQL> = {
  username: sql`lower(u.username)`,
  total_cost_micros: sql`total_cost_micros`,
  message_count: sql`message_count`,
  chat_count: sql`chat_count`,
  total_input_tokens: sql`total_input_tokens`,
  total_output_tokens: sql`total_output_tokens`,
  total_cache_read_tokens: sql`total_cache_read_tokens`,
  total_cache_creation_tokens: sql`total_cache_creation_tokens`,
};

type UserCostsOptions = CostRange & { search?: string | undefined; sort: string; limit: number; offset: number };

/**
 * One page of who spent something in the range, with the number and the totals of all who match: as many rows as people,
 * however long it is. Chats are counted for those on the page only, unless they decide who is on it.
 */
export async function listUserCosts(
  db: Executor,
  options: UserCostsOptions,
): Promise<Omit<UserCosts, "start_date" | "end_date">> {
  const { search, sort, limit, offset, ...range } = options;
  const descending = sort.startsWith("-");
  const key = descending ? sort.slice(1) : sort;
  const direction = descending ? sql`DESC` : sql`ASC`;
  const order = sql`${USER_SORTS[key] ?? sql`total_cost_micros`} ${direction}, lower(u.username), u.user_id`;
  const isByChats = key === "chat_count";
  const asked = { ...range, search, openDay: await findOpenDay(db) };
  const matched = isByChats ? userSumsWithChats(asked) : userSums(asked);
  const chatCount = isByChats
    ? sql``
    : sql`, (SELECT count(DISTINCT root_chat_id) FROM (${countedIn(range, sql`owner_id = p.user_id`)}) counted) AS chat_count`;
  const [row] = await db.execute<{ count: number; totals: UserCosts["totals"] | null; users: UserCost[] }>(sql`
    WITH matched AS (${matched}), page AS (
      SELECT * FROM matched u ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}
    )
    SELECT (SELECT count(*)::int FROM matched) AS count,
      (SELECT to_jsonb(t) FROM (SELECT ${sql.join(
        Object.keys(figuresOf(NOTHING)).map(
          (name) => sql`coalesce(sum(${sql.identifier(name)}), 0)::bigint AS ${sql.identifier(name)}`,
        ),
        sql`, `,
      )} FROM matched) t) AS totals,
      (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY ${order}), '[]')
        FROM (SELECT p.*${chatCount} FROM page p) u) AS users`);
  return { count: row?.count ?? 0, users: row?.users ?? [], totals: row?.totals ?? figuresOf(NOTHING) };
}

type UserSumsOptions = CostRange & { search?: string | undefined; openDay: string };

/** Everybody who spent something and whose name or username contains the text: as many rows as people. */
const userSums = ({ search, openDay, ...range }: UserSumsOptions): SQL => sql`
  WITH per_user AS (
    SELECT owner_id, ${summedFigures} FROM (${countedByPerson(range, openDay)}) counted GROUP BY 1
  )
  SELECT x.owner_id AS user_id, coalesce(p.username, '') AS username, coalesce(p.name, '') AS name, p.avatar_url, p.deleted_at IS NOT NULL AS deleted,
    x.total_cost_micros, x.message_count, x.unpriced_call_count, x.total_input_tokens, x.total_output_tokens,
    x.total_cache_read_tokens, x.total_cache_creation_tokens
  FROM per_user x LEFT JOIN users p ON p.id = x.owner_id
  ${search ? sql`WHERE p.username ILIKE ${contains(search)} OR p.name ILIKE ${contains(search)}` : sql``}`;

/** The same with the number of root chats that each paid for: as many rows as days, chats and models. */
export const userSumsWithChats = (options: UserSumsOptions): SQL => sql`
  SELECT s.*, n.chat_count FROM (${userSums(options)}) s JOIN (
    SELECT owner_id, count(*) AS chat_count
    FROM (SELECT DISTINCT owner_id, root_chat_id FROM (${countedIn(options, null)}) counted) chats GROUP BY 1
  ) n ON n.owner_id = s.user_id`;

const contains = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;

/**
 * Cost per day and model of one person, in days of the zone. The days of UTC come from the roll-up. Those of another zone
 * come from the person's calls, by `model_calls_owner_id_created_at` alone: a zone's offset is whole quarters of an hour,
 * so that only sums of quarters are turned into its days.
 */
export async function listCostDays(
  db: Executor,
  options: CostRange & { ownerId: string; timeZone: string },
): Promise<CostDay[]> {
  const { ownerId, timeZone, start, end } = options;
  const isWholeDays = [start, end].every((at) => at === null || Date.parse(at) % 86_400_000 === 0);
  if (timeZone === "UTC" && isWholeDays) {
    return executePrepared<CostDay>(
      db,
      sql`
      SELECT day::text, model_config_id, sum(cost_micros)::bigint AS cost_micros FROM cost_days
      WHERE owner_id = ${ownerId} AND day >= ${start.slice(0, 10)}::date
        ${end === null ? sql`` : sql`AND day < ${end.slice(0, 10)}::date`}
      GROUP BY 1, 2 ORDER BY 1`,
    );
  }
  return executePrepared<CostDay>(
    db,
    sql`
    SELECT (quarter AT TIME ZONE ${timeZone})::date::text AS day, model_config_id,
      coalesce(sum(cost_micros), 0)::bigint AS cost_micros
    FROM (
      SELECT date_bin('15 minutes', created_at, '1970-01-01T00:00:00Z') AS quarter, model_config_id,
        sum(cost_micros) AS cost_micros
      FROM model_calls WHERE owner_id = ${ownerId} AND created_at >= ${start}::timestamptz
        ${end === null ? sql`` : sql`AND created_at < ${end}::timestamptz`}
      GROUP BY 1, 2
    ) quarters
    GROUP BY 1, 2 ORDER BY 1`,
  );
}
