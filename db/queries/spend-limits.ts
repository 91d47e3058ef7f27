/** What may be spent and what was, by the database's clock. Decides nothing: the boundary is in `lib/chats/spend-limit`. */
import type { SqlExecutor } from "@/db/client";
import type { LimitPeriod } from "@/lib/contract/costs";

export type Budget = {
  period: LimitPeriod;
  /** UTC; a week begins on Monday. */
  periodStart: string;
  periodEnd: string;
  isOverridden: boolean;
  /** Null: no limit. */
  limitMicros: number | null;
  /** In the period. Null when there is no limit and it was not asked for. */
  spentMicros: number | null;
  /** Of the chat's tree, whenever it was spent; null: no limit of its own, or no chat was given. */
  chatLimitMicros: number | null;
  chatSpentMicros: number | null;
};

/**
 * The person's limit and spending, and those of the tree if one of its chats is given: sums of `cost_days` by
 * `cost_days_unique` (owner, day) and by `cost_days_root_chat_id`, as many rows as the period has days, chats and
 * models. A chat of somebody else is as none. Sent when it is called.
 */
export async function findBudget(
  sql: SqlExecutor,
  options: { ownerId: string; chatId: string | null; withSpent?: boolean },
): Promise<Budget> {
  const { ownerId, chatId, withSpent = false } = options;
  const [budget] = await sql<Budget[]>`
    WITH person AS (
      SELECT coalesce(l.period, 'month') AS period, o.user_id IS NOT NULL AS overridden,
        CASE WHEN o.user_id IS NULL THEN l.spend_limit_micros ELSE o.spend_limit_micros END AS limit_micros,
        date_trunc(coalesce(l.period, 'month')::text, now() AT TIME ZONE 'UTC') AS start
      FROM (SELECT ${ownerId}::uuid AS id) u
      LEFT JOIN usage_limits l ON true
      LEFT JOIN usage_limit_overrides o ON o.user_id = u.id
    )
    SELECT p.period, p.overridden AS "isOverridden", p.limit_micros AS "limitMicros",
      p.start AT TIME ZONE 'UTC' AS "periodStart",
      (p.start + ('1 ' || p.period)::interval) AT TIME ZONE 'UTC' AS "periodEnd",
      CASE WHEN p.limit_micros IS NOT NULL OR ${withSpent} THEN (
        SELECT coalesce(sum(d.cost_micros), 0)::bigint FROM cost_days d
        WHERE d.owner_id = ${ownerId} AND d.day >= p.start::date
      ) END AS "spentMicros",
      c.spend_limit_micros AS "chatLimitMicros",
      CASE WHEN c.spend_limit_micros IS NOT NULL THEN (
        SELECT coalesce(sum(d.cost_micros), 0)::bigint FROM cost_days d WHERE d.root_chat_id = c.id
      ) END AS "chatSpentMicros"
    FROM person p LEFT JOIN chats c ON c.id = (
      SELECT coalesce(root_chat_id, id) FROM chats WHERE id = ${chatId}::uuid AND owner_id = ${ownerId}
    )`.execute();
  return budget as Budget;
}

/** Whether work goes on when the check itself fails. */
export async function findFailOpen(sql: SqlExecutor): Promise<boolean> {
  const [row] = await sql<{ failOpen: boolean }[]>`SELECT fail_open AS "failOpen" FROM usage_limits`;
  return row?.failOpen ?? false;
}

export type LimitedChat = { chatId: string; ownerId: string; rootChatId: string };

/** Chats that a limit paused, oldest first, at most 500. By `chats_spend_limited`, empty nearly always. */
export async function listLimitedChats(sql: SqlExecutor): Promise<LimitedChat[]> {
  return sql<LimitedChat[]>`
    SELECT id AS "chatId", owner_id AS "ownerId", coalesce(root_chat_id, id) AS "rootChatId"
    FROM chats WHERE pause_reason = 'spend_limit' AND NOT archived
    ORDER BY updated_at LIMIT 500`;
}
