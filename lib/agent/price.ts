/** What a model call costs, in micro-dollars. Exact decimal arithmetic; never a float. Pure. */
import { Decimal } from "decimal.js";
import type { Usage } from "@/lib/contract/messages";
import type { Pricing } from "@/lib/contract/models";

/** Digits of the longest exact sum: 16 of tokens, 24 of a price, and room for adding. */
const Exact = Decimal.clone({ precision: 60 });

/**
 * `ceil(input·p_in + output·p_out + cache_read·p_cr + cache_write·p_cw)`: tokens times dollars per million tokens are
 * micro-dollars. Rounded up once, after summing. Reasoning is inside output. Null, unpriced: no usage, no price at
 * all, or a kind of token that was used has none. 0 is free.
 */
export function costMicros(usage: Usage | null, pricing: Pricing): number | null {
  if (usage === null) return null;
  const lines = [
    { tokens: usage.input_tokens, price: pricing.input_price_per_million },
    { tokens: usage.output_tokens, price: pricing.output_price_per_million },
    { tokens: usage.cache_read_tokens, price: pricing.cache_read_price_per_million },
    { tokens: usage.cache_creation_tokens, price: pricing.cache_write_price_per_million },
  ];
  if (lines.every(({ tokens }) => tokens === null) || lines.every(({ price }) => price === null)) return null;
  let sum = new Exact(0);
  for (const { tokens, price } of lines) {
    if (tokens === null || tokens === 0) continue;
    if (price === null) return null;
    sum = sum.plus(new Exact(tokens).times(price));
  }
  return sum.ceil().toNumber();
}
