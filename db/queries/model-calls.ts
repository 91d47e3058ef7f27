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
export async function insertModelCall(tx: SqlExecutor, options: CallOwner & { call: ModelCall }): Promise<void> {
  await tx`WITH ${recordCall(tx, { ...options, messageId: null })} SELECT`.execute();
}

type RecordedCall = CallOwner & { call: ModelCall; messageId: Fragment | null };

/**
 * Two named subqueries, `call` and `cost_day`: the row of the call, and its sums added to those of its day, found by
 * their key. That row stays locked until the transaction ends; a transaction records one call, so that two never wait
 * for each other. Every column costs the commit of a step some time, in both: the roll-up names only what this call
 * adds to.
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
