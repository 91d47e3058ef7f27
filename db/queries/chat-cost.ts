/** What a chat's tree cost, from the record of paid calls. Reads only. */
import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { ChatCall, ChatCalls, ChatCost } from "@/lib/contract/costs";

/** More than one can tell apart on a line of 600 pixels is not needed. */
const CURVE_POINTS = 100;
const MAX_MEMBERS = 100;

/**
 * Sums over the whole tree of the chat, also when a child is given; undefined unless it is this owner's.
 * A scan of `model_calls_pkey`: its length is the tree's number of calls.
 */
export async function findChatCost(
  db: Executor,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<ChatCost | undefined> {
  const [row] = await db.execute<ChatCost>(sql`
    WITH tree AS (
      SELECT r.id AS root_id, r.spend_limit_micros FROM chats c JOIN chats r ON r.id = coalesce(c.root_chat_id, c.id)
      WHERE c.id = ${chatId} AND c.owner_id = ${ownerId}
    ), calls AS (
      SELECT k.*, sum(k.cost_micros) OVER steps AS so_far, row_number() OVER steps AS n, count(*) OVER () AS total
      FROM tree JOIN model_calls k ON k.root_chat_id = tree.root_id
      WINDOW steps AS (ORDER BY k.id)
    )
    SELECT
      coalesce(sum(k.cost_micros), 0)::bigint AS total_cost_micros,
      count(*) FILTER (WHERE k.kind = 'step') AS message_count,
      count(*) FILTER (WHERE k.kind = 'step' AND k.cost_micros IS NULL) AS unpriced_message_count,
      count(*) FILTER (WHERE k.id IS NOT NULL AND k.cost_micros IS NULL) AS unpriced_call_count,
      coalesce(sum(k.input_tokens), 0)::bigint AS input_tokens,
      coalesce(sum(k.output_tokens), 0)::bigint AS output_tokens,
      coalesce(sum(k.cache_read_tokens), 0)::bigint AS cache_read_tokens,
      coalesce(sum(k.cache_creation_tokens), 0)::bigint AS cache_creation_tokens,
      (SELECT coalesce(jsonb_agg(to_jsonb(g)), '[]') FROM (
        SELECT kind, count(*) AS call_count, coalesce(sum(cost_micros), 0)::bigint AS total_cost_micros,
          count(*) FILTER (WHERE cost_micros IS NULL) AS unpriced_call_count
        FROM calls GROUP BY kind ORDER BY kind) g) AS by_kind,
      (SELECT coalesce(jsonb_agg(to_jsonb(g)), '[]') FROM (
        SELECT k.chat_id, coalesce(m.title, '') AS title, m.parent_chat_id, count(*) AS call_count,
          coalesce(sum(k.cost_micros), 0)::bigint AS total_cost_micros,
          count(*) FILTER (WHERE k.cost_micros IS NULL) AS unpriced_call_count
        FROM calls k LEFT JOIN chats m ON m.id = k.chat_id
        GROUP BY 1, 2, 3 ORDER BY (m.parent_chat_id IS NULL) DESC, 5 DESC, 1 LIMIT ${MAX_MEMBERS}) g) AS by_chat,
      (SELECT coalesce(jsonb_agg(to_jsonb(g) ORDER BY g.cost_micros, g.at), '[]') FROM (
        SELECT created_at AS at, coalesce(so_far, 0)::bigint AS cost_micros FROM calls
        WHERE n = total OR n % greatest(1, ceil(total / ${CURVE_POINTS - 1}::numeric)::int) = 0) g) AS curve,
      (SELECT spend_limit_micros FROM tree) AS spend_limit_micros
    FROM tree LEFT JOIN calls k ON true
    HAVING count(tree.root_id) > 0`);
  return row;
}

/** Newest first; undefined unless the chat is this owner's. By `model_calls_pkey`. */
export async function listChatCalls(
  db: Executor,
  options: { chatId: string; ownerId: string; limit: number; before_id?: number | undefined },
): Promise<ChatCalls | undefined> {
  const { chatId, ownerId, limit, before_id } = options;
  const [tree] = await db.execute<{ root: string }>(
    sql`SELECT coalesce(root_chat_id, id) AS root FROM chats WHERE id = ${chatId} AND owner_id = ${ownerId}`,
  );
  if (!tree) return undefined;
  const rows = await db.execute<ChatCall & Record<string, unknown>>(sql`
    SELECT id, chat_id, message_id, kind, model_config_id, provider, model, input_tokens, output_tokens,
      reasoning_tokens, cache_read_tokens, cache_creation_tokens, input_price_per_million, output_price_per_million,
      cache_read_price_per_million, cache_write_price_per_million, cost_micros, created_at
    FROM model_calls
    WHERE root_chat_id = ${tree.root} ${before_id === undefined ? sql`` : sql`AND id < ${before_id}`}
    ORDER BY id DESC LIMIT ${limit + 1}`);
  return { calls: rows.slice(0, limit), has_more: rows.length > limit };
}
