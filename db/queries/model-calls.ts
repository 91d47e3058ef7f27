/**
 * The record of paid calls and its daily roll-ups: the one place that writes them, always all in one statement.
 * Decides no price.
 */
import type { Fragment } from "postgres";
import type { SqlExecutor } from "@/db/client";
import type { CallKind } from "@/lib/contract/costs";
import type { Usage } from "@/lib/contract/messages";
import type { Prices } from "@/lib/contract/models";

/** A paid call with the price in force. */
export type ModelCall = {
  kind: CallKind;
  modelConfigId: string | null;
  provider: string;
  model: string;
  usage: Usage;
  prices: Prices;
  /** Of the tier that the prices come from; null: the base prices. */
  tierAboveTokens: number | null;
  /** Null: unpriced. 0: free. */
  costMicros: number | null;
};

/** Where a call is counted. */
export type CallOwner = { chatId: string; rootChatId: string; ownerId: string };

/** Records a paid call that produced no message: a failed attempt, a title, a summary, a compaction. */
export async function insertModelCall(tx: SqlExecutor, options: CallOwner & { call: ModelCall }): Promise<void> {
  await tx`WITH ${recordCall(tx, { ...options, messageId: null })} SELECT`;
}

type RecordedCall = CallOwner & { call: ModelCall; messageId: Fragment | null };

/**
 * Three named subqueries, `call`, `cost_day` and `cost_person_day`: the row of the call, and its sums added to the two
 * of its day, each found by its key. These rows stay locked until the transaction ends; a transaction records one call,
 * always in this order, so that two never wait for each other.
 */
export function recordCall(tx: SqlExecutor, { chatId, rootChatId, ownerId, call, messageId }: RecordedCall): Fragment {
  const { usage, prices } = call;
  return tx`
    call AS (
      INSERT INTO model_calls (chat_id, root_chat_id, owner_id, message_id, kind, model_config_id, provider, model,
        input_tokens, output_tokens, reasoning_tokens, cache_read_tokens, cache_creation_tokens,
        cache_creation_hour_tokens, input_price_per_million, output_price_per_million, cache_read_price_per_million,
        cache_write_price_per_million, cache_write_hour_price_per_million, price_tier_above_tokens, cost_micros)
      VALUES (${chatId}, ${rootChatId}, ${ownerId}, ${messageId}, ${call.kind}, ${call.modelConfigId}, ${call.provider},
        ${call.model}, ${usage.input_tokens}, ${usage.output_tokens}, ${usage.reasoning_tokens},
        ${usage.cache_read_tokens}, ${usage.cache_creation_tokens}, ${usage.cache_creation_hour_tokens ?? null},
        ${prices.input_price_per_million}, ${prices.output_price_per_million}, ${prices.cache_read_price_per_million},
        ${prices.cache_write_price_per_million}, ${prices.cache_write_hour_price_per_million}, ${call.tierAboveTokens},
        ${call.costMicros})
      RETURNING *, (created_at AT TIME ZONE 'UTC')::date AS day
    ), cost_day AS (${addToDay(tx, "cost_days", "owner_id, day, root_chat_id, model_config_id")}),
    cost_person_day AS (${addToDay(tx, "cost_person_days", "day, owner_id")})`;
}

/** Adds the figures of `call` to the row of its key, or makes that row. */
const addToDay = (tx: SqlExecutor, table: "cost_days" | "cost_person_days", key: string): Fragment => tx`
  INSERT INTO ${tx(table)} AS d (${tx.unsafe(key)}, cost_micros, call_count, unpriced_call_count, message_count,
    unpriced_message_count, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens)
  SELECT ${tx.unsafe(key)}, coalesce(cost_micros, 0), 1, (cost_micros IS NULL)::int, (kind = 'step')::int,
    (kind = 'step' AND cost_micros IS NULL)::int, coalesce(input_tokens, 0), coalesce(output_tokens, 0),
    coalesce(cache_read_tokens, 0), coalesce(cache_creation_tokens, 0)
  FROM call
  ON CONFLICT (${tx.unsafe(key)}) DO UPDATE SET
    cost_micros = d.cost_micros + excluded.cost_micros,
    call_count = d.call_count + 1,
    unpriced_call_count = d.unpriced_call_count + excluded.unpriced_call_count,
    message_count = d.message_count + excluded.message_count,
    unpriced_message_count = d.unpriced_message_count + excluded.unpriced_message_count,
    input_tokens = d.input_tokens + excluded.input_tokens,
    output_tokens = d.output_tokens + excluded.output_tokens,
    cache_read_tokens = d.cache_read_tokens + excluded.cache_read_tokens,
    cache_creation_tokens = d.cache_creation_tokens + excluded.cache_creation_tokens`;
