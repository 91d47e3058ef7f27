/** What a model call costs, in micro-dollars. Exact decimal arithmetic; never a float. Pure. */
import { Decimal } from "decimal.js";
import type { Usage } from "@/lib/contract/messages";
import type { Prices, Pricing } from "@/lib/contract/models";

/** Digits of the longest exact sum: 16 of tokens, 24 of a price, and room for adding. */
const Exact = Decimal.clone({ precision: 60 });

/** A billion dollars for one call: price or usage is a mistake, and the cost is unknown rather than that. */
const MAX_COST_MICROS = 1e15;

/** A call with the prices that hold for it. */
export type PricedCall = {
  prices: Prices;
  /** Of the tier that they come from; null: the base prices. */
  tierAboveTokens: number | null;
  /** Null: unpriced. 0: free. */
  costMicros: number | null;
};

/**
 * `ceil(input·p_in + output·p_out + cache_read·p_cr + cache_write·p_cw + cache_write_hour·p_cwh)`: tokens times dollars
 * per million tokens are micro-dollars. Rounded up once, after summing. Reasoning is inside output. The prices are those
 * of the highest tier that the prompt, cached or not, is above. Unpriced: no usage, no price at all, or a kind of token
 * that was used has none. A model that costs nothing is free also when its usage is unknown.
 */
export function priceCall(usage: Usage | null, { tiers, ...base }: Pricing): PricedCall {
  const tier = usage && tiers.findLast(({ above_tokens }) => promptTokens(usage) > above_tokens);
  if (!tier) return { prices: base, tierAboveTokens: null, costMicros: sumMicros(usage, base) };
  const { above_tokens, ...prices } = tier;
  return { prices, tierAboveTokens: above_tokens, costMicros: sumMicros(usage, prices) };
}

const promptTokens = (usage: Usage): number =>
  (usage.input_tokens ?? 0) + (usage.cache_read_tokens ?? 0) + (usage.cache_creation_tokens ?? 0);

/** What a prompt and an answer cost is known to be nothing, and no kind of token costs anything. */
const isFree = (prices: Prices): boolean =>
  prices.input_price_per_million !== null &&
  prices.output_price_per_million !== null &&
  Object.values(prices).every((price) => price === null || Number(price) === 0);

function sumMicros(usage: Usage | null, prices: Prices): number | null {
  if (usage === null) return null;
  const hourTokens = usage.cache_creation_hour_tokens ?? 0;
  const writeTokens = usage.cache_creation_tokens;
  const lines = [
    { tokens: usage.input_tokens, price: prices.input_price_per_million },
    { tokens: usage.output_tokens, price: prices.output_price_per_million },
    { tokens: usage.cache_read_tokens, price: prices.cache_read_price_per_million },
    { tokens: writeTokens && writeTokens - hourTokens, price: prices.cache_write_price_per_million },
    { tokens: hourTokens, price: prices.cache_write_hour_price_per_million },
  ];
  const isSilent = usage.input_tokens === null && usage.output_tokens === null;
  if (isSilent && !usage.cache_read_tokens && !writeTokens) return isFree(prices) ? 0 : null;
  if (lines.every(({ price }) => price === null)) return null;
  let sum = new Exact(0);
  for (const { tokens, price } of lines) {
    if (!tokens) continue;
    if (price === null) return null;
    sum = sum.plus(new Exact(tokens).times(price));
  }
  const cost = sum.ceil();
  return cost.lte(MAX_COST_MICROS) ? cost.toNumber() : null;
}
