/** What a chat's tree cost, from the record of paid calls. Reads only. */
import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { ChatCost } from "@/lib/contract/costs";

/**
 * Sums over the whole tree of the chat, also when a child is given; undefined unless it is this owner's.
 * A scan of `model_calls_root_chat_id`: its length is the tree's number of calls.
 */
export async function findChatCost(
  db: Executor,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<ChatCost | undefined> {
  const [row] = await db.execute<ChatCost>(sql`
    SELECT
      coalesce(sum(k.cost_micros), 0)::bigint AS total_cost_micros,
      count(*) FILTER (WHERE k.kind = 'step') AS message_count,
      count(*) FILTER (WHERE k.kind = 'step' AND k.cost_micros IS NULL) AS unpriced_message_count,
      count(*) FILTER (WHERE k.id IS NOT NULL AND k.cost_micros IS NULL) AS unpriced_call_count,
      coalesce(sum(k.input_tokens), 0)::bigint AS input_tokens,
      coalesce(sum(k.output_tokens), 0)::bigint AS output_tokens,
      coalesce(sum(k.cache_read_tokens), 0)::bigint AS cache_read_tokens,
      coalesce(sum(k.cache_creation_tokens), 0)::bigint AS cache_creation_tokens
    FROM chats c LEFT JOIN model_calls k ON k.root_chat_id = coalesce(c.root_chat_id, c.id)
    WHERE c.id = ${chatId} AND c.owner_id = ${ownerId}
    GROUP BY c.id`);
  return row;
}
