/** Pull requests that agents opened, and what the merged ones cost. Facts are those last read from the git hosts. */
import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { Insights } from "@/lib/contract/costs";

const MAX_RECENT = 20;

/**
 * The last UTC days, today included. A pull request counts once, however many chats name it; its cost is that of the trees
 * of these chats, by `cost_days_root_chat_id`. One that was opened earlier and merged in the range counts as merged only,
 * so that the series adds up; the rate is of those opened in the range.
 */
export async function getInsights(db: Executor, { days }: { days: number }): Promise<Insights> {
  const [row] = await db.execute<Omit<Insights, "days">>(sql`
    WITH span AS (
      SELECT (now() AT TIME ZONE 'UTC')::date - ${days - 1}::int AS first_day, (now() AT TIME ZONE 'UTC')::date AS last_day
    ), named AS (
      SELECT s.url, coalesce(c.root_chat_id, c.id) AS root_id, c.owner_id, c.last_model_config_id, s.pull_request_title,
        s.pr_number, s.pull_request_state, s.pull_request_draft, s.author_login, s.author_avatar_url,
        coalesce(s.pull_request_created_at, s.created_at) AS opened_at,
        CASE WHEN s.pull_request_state = 'merged' THEN coalesce(s.pull_request_merged_at, s.updated_at) END AS merged_at
      FROM chat_diff_statuses s JOIN chats c ON c.id = s.chat_id
      WHERE s.url IS NOT NULL AND s.pull_request_state IS NOT NULL
    ), wanted AS (
      SELECT DISTINCT ON (n.url) n.*, opened_day, merged_day, opened_day >= first_day AS is_new,
        coalesce(merged_day >= first_day, false) AS is_merged
      FROM named n, span, LATERAL (
        -- A host's clock may be ahead of ours.
        SELECT least((n.opened_at AT TIME ZONE 'UTC')::date, last_day) AS opened_day,
          CASE WHEN n.merged_at IS NOT NULL THEN least((n.merged_at AT TIME ZONE 'UTC')::date, last_day) END AS merged_day
      ) dated
      WHERE opened_day >= first_day OR merged_day >= first_day
      ORDER BY n.url, n.opened_at
    ), priced AS (
      SELECT w.*, k.cost_micros, k.unpriced_call_count, k.call_count
      FROM wanted w LEFT JOIN (
        SELECT n.url, sum(d.cost_micros)::bigint AS cost_micros, sum(d.unpriced_call_count)::bigint AS unpriced_call_count,
          sum(d.call_count)::bigint AS call_count
        FROM (SELECT DISTINCT url, root_id FROM named WHERE url IN (SELECT url FROM wanted)) n
        -- Tree by tree, so that the roll-up's age and size do not matter.
        CROSS JOIN LATERAL (
          SELECT sum(cost_micros) AS cost_micros, sum(unpriced_call_count) AS unpriced_call_count,
            sum(call_count) AS call_count
          FROM cost_days WHERE root_chat_id = n.root_id
        ) d
        GROUP BY 1
      ) k ON k.url = w.url
    ), grouped AS (
      SELECT grouping(last_model_config_id) = 1 AS is_all, last_model_config_id,
        count(*) FILTER (WHERE is_new)::int AS created_count,
        count(*) FILTER (WHERE is_merged)::int AS merged_count,
        count(*) FILTER (WHERE is_new AND merged_at IS NOT NULL)::int AS merged_of_new,
        coalesce(sum(cost_micros) FILTER (WHERE is_merged), 0)::bigint AS merged_cost_micros,
        coalesce(sum(unpriced_call_count) FILTER (WHERE is_merged), 0)::bigint AS unpriced_call_count
      FROM priced GROUP BY GROUPING SETS ((), (last_model_config_id))
    ), figures AS (
      SELECT is_all, last_model_config_id AS model_config_id, created_count, merged_count,
        CASE WHEN created_count > 0 THEN round(merged_of_new::numeric / created_count, 4)::float8 END AS merge_rate,
        merged_cost_micros,
        CASE WHEN merged_count > 0 THEN ceil(merged_cost_micros::numeric / merged_count)::bigint END AS cost_per_merged_micros,
        unpriced_call_count
      FROM grouped
    ), per_day AS (
      SELECT day, sum(created)::int AS created_count, sum(merged)::int AS merged_count
      FROM (
        SELECT opened_day AS day, 1 AS created, 0 AS merged FROM priced WHERE is_new
        UNION ALL SELECT merged_day, 0, 1 FROM priced WHERE is_merged
        UNION ALL SELECT generate_series(first_day, last_day, interval '1 day')::date, 0, 0 FROM span
      ) happened GROUP BY 1
    )
    SELECT f.created_count, f.merged_count, f.merge_rate, f.merged_cost_micros, f.cost_per_merged_micros,
      f.unpriced_call_count,
      to_char(span.first_day, 'YYYY-MM-DD"T"00:00:00"Z"') AS start_date,
      to_char(span.last_day + 1, 'YYYY-MM-DD"T"00:00:00"Z"') AS end_date,
      (SELECT jsonb_agg(jsonb_build_object('date', day::text, 'created_count', created_count, 'merged_count', merged_count)
        ORDER BY day) FROM per_day) AS series,
      (SELECT coalesce(jsonb_agg(to_jsonb(g) - 'is_all' || jsonb_build_object('display_name', coalesce(m.display_name,
          'Unknown model')) ORDER BY g.merged_count DESC, g.created_count DESC, m.display_name), '[]')
        FROM figures g LEFT JOIN chat_model_configs m ON m.id = g.model_config_id WHERE NOT g.is_all) AS by_model,
      (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.created_at DESC), '[]') FROM (
        SELECT p.url, p.pull_request_title AS title, p.pr_number, p.pull_request_state AS state,
          p.pull_request_draft AS draft, p.author_login, p.author_avatar_url, u.username AS owner_username,
          CASE WHEN p.call_count IS NULL OR p.call_count = p.unpriced_call_count THEN NULL ELSE p.cost_micros END
            AS cost_micros,
          coalesce(p.unpriced_call_count, 0) AS unpriced_call_count, p.opened_at AS created_at
        FROM priced p JOIN users u ON u.id = p.owner_id ORDER BY p.opened_at DESC LIMIT ${MAX_RECENT}) r) AS recent
    FROM figures f, span WHERE f.is_all`);
  if (!row) throw new Error("A sum over no rows has one row.");
  return { days, ...row };
}
