/**
 * The record of paid calls and its daily roll-up: the one place that writes them, always both in one statement.
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
export async function insertModelCall(
  tx: SqlExecutor,
  { chatId, ...rest }: CallOwner & { call: ModelCall },
): Promise<void> {
  const { modelConfigId, usage, costMicros } = rest.call;
  await tx`
    WITH message AS (
      SELECT ${chatId}::uuid AS chat_id, NULL::bigint AS id, ${modelConfigId}::uuid AS model_config_id,
        ${usage.input_tokens}::bigint AS input_tokens, ${usage.output_tokens}::bigint AS output_tokens,
        ${usage.reasoning_tokens}::bigint AS reasoning_tokens, ${usage.cache_read_tokens}::bigint AS cache_read_tokens,
        ${usage.cache_creation_tokens}::bigint AS cache_creation_tokens, ${costMicros}::bigint AS total_cost_micros
    ), ${recordCall(tx, rest)} SELECT`.execute();
}

/** What `recordCall` reads of the row `message`. */
export const RECORDED_COLUMNS = `chat_id, id, model_config_id, input_tokens, output_tokens, reasoning_tokens, cache_read_tokens,
  cache_creation_tokens, total_cost_micros`;

/**
 * Two named subqueries, `call` and `cost_day`: the row of the call, and its sums added to those of its day, found by
 * their key. That row stays locked until the transaction ends; a transaction records one call, so that two never wait
 * for each other. Usage and cost are those of the row `message`, which a subquery before these inserted, or which stands
 * for one: every parameter and every column cost the commit of a step some time, so that what is sent once is not sent
 * again, and the roll-up names only what this call adds to.
 */
export function recordCall(tx: SqlExecutor, options: Omit<CallOwner, "chatId"> & { call: ModelCall }): Fragment {
  const { rootChatId, ownerId, call } = options;
  const { usage, prices } = call;
  return tx`
    call AS (
      INSERT INTO model_calls (chat_id, message_id, model_config_id, input_tokens, output_tokens, reasoning_tokens,
        cache_read_tokens, cache_creation_tokens, cost_micros, root_chat_id, owner_id, kind, provider, model,
        cache_creation_hour_tokens, input_price_per_million, output_price_per_million, cache_read_price_per_million,
        cache_write_price_per_million, cache_write_hour_price_per_million, price_tier_above_tokens)
      SELECT ${tx.unsafe(RECORDED_COLUMNS)}, ${rootChatId}, ${ownerId}, ${call.kind}, ${call.provider}, ${call.model},
        ${usage.cache_creation_hour_tokens ?? null}, ${prices.input_price_per_million},
        ${prices.output_price_per_million}, ${prices.cache_read_price_per_million},
        ${prices.cache_write_price_per_million}, ${prices.cache_write_hour_price_per_million}, ${call.tierAboveTokens}
      FROM message
      RETURNING owner_id, root_chat_id, model_config_id, (created_at AT TIME ZONE 'UTC')::date AS day,
        coalesce(cost_micros, 0) AS cost_micros, coalesce(input_tokens, 0) AS input_tokens,
        coalesce(output_tokens, 0) AS output_tokens, coalesce(cache_read_tokens, 0) AS cache_read_tokens,
        coalesce(cache_creation_tokens, 0) AS cache_creation_tokens
    ), ${tx.unsafe(ROLLUP[call.kind === "step" ? "step" : "other"][call.costMicros === null ? "unpriced" : "priced"])}`;
}

const SUMS = ["cost_micros", "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens"];

const KEY = "owner_id, day, root_chat_id, model_config_id";

/** Adds the figures of `call` to the row of its day, or makes it. `counts` are raised by one. */
const rollup = (...counts: string[]): string => `
    cost_day AS (
      INSERT INTO cost_days AS d (${KEY}, ${[...SUMS, ...counts].join(", ")})
      SELECT ${KEY}, ${[...SUMS, ...counts.map(() => "1")].join(", ")} FROM call
      ON CONFLICT (${KEY}) DO UPDATE SET
        ${[...SUMS, ...counts].map((name) => `${name} = d.${name} + excluded.${name}`).join(", ")})`;

/** Four texts, so that the server prepares four statements. */
const ROLLUP = {
  step: {
    priced: rollup("call_count", "message_count"),
    unpriced: rollup("call_count", "message_count", "unpriced_call_count", "unpriced_message_count"),
  },
  other: { priced: rollup("call_count"), unpriced: rollup("call_count", "unpriced_call_count") },
};
