import { expect, test } from "vitest";
import { costMicros } from "@/lib/agent/price";
import type { Usage } from "@/lib/contract/messages";
import type { Pricing } from "@/lib/contract/models";

const NO_USAGE: Usage = {
  input_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
};
const NO_PRICES: Pricing = {
  input_price_per_million: null,
  output_price_per_million: null,
  cache_read_price_per_million: null,
  cache_write_price_per_million: null,
};
const usage = (counts: Partial<Usage>): Usage => ({ ...NO_USAGE, ...counts });
const prices = (
  input: string | null,
  output: string | null,
  read: string | null = null,
  write: string | null = null,
) => ({
  input_price_per_million: input,
  output_price_per_million: output,
  cache_read_price_per_million: read,
  cache_write_price_per_million: write,
});

test.each([
  ["a million tokens cost the price", usage({ input_tokens: 1_000_000 }), prices("3", "15"), 3_000_000],
  [
    "all four kinds add up",
    usage({ input_tokens: 12, output_tokens: 100, cache_read_tokens: 2_000, cache_creation_tokens: 100 }),
    prices("3", "15", "0.30", "3.75"),
    2_511,
  ],
  ["the sum is rounded up once, not each part", usage({ input_tokens: 1, output_tokens: 1 }), prices("0.4", "0.5"), 1],
  ["a whole sum is not rounded", usage({ input_tokens: 10, output_tokens: 2 }), prices("0.1", "0.5"), 2],
  ["the smallest fraction rounds up", usage({ input_tokens: 1 }), prices("0.000000000001", null), 1],
  [
    "reasoning is part of output and not added",
    usage({ input_tokens: 0, output_tokens: 10, reasoning_tokens: 8 }),
    prices("1", "1"),
    10,
  ],
  ["a price of 0 is free", usage({ input_tokens: 50, output_tokens: 50 }), prices("0", "0"), 0],
  ["nothing used costs nothing", usage({ input_tokens: 0, output_tokens: 0 }), prices("3", "15"), 0],
  [
    "a price is not needed for what was not used",
    usage({ input_tokens: 5, cache_read_tokens: 0 }),
    prices("1", null),
    5,
  ],
  [
    "a kind that was used without a price is unpriced",
    usage({ input_tokens: 5, cache_read_tokens: 1 }),
    prices("1", "1"),
    null,
  ],
  ["no prices at all are unpriced", usage({ input_tokens: 0 }), NO_PRICES, null],
  ["unknown usage is unpriced", NO_USAGE, prices("1", "1"), null],
  ["no usage is unpriced", null, prices("1", "1"), null],
] as [string, Usage | null, Pricing, number | null][])("%s", (_, used, pricing, expected) => {
  expect(costMicros(used, pricing)).toBe(expected);
});

test("every cost is the one that whole-number arithmetic gives", () => {
  const random = createRandom(42);
  for (let round = 0; round < 2_000; round++) {
    const tokens = Array.from({ length: 4 }, () => Math.floor(random() * 10 ** Math.floor(random() * 9)));
    const price = Array.from({ length: 4 }, () => randomPrice(random));
    const cost = costMicros(
      usage({
        input_tokens: tokens[0]!,
        output_tokens: tokens[1]!,
        cache_read_tokens: tokens[2]!,
        cache_creation_tokens: tokens[3]!,
      }),
      prices(price[0]!, price[1]!, price[2]!, price[3]!),
    );
    expect({ tokens, price, cost }).toEqual({ tokens, price, cost: Number(exactCost(tokens, price)) });
  }
});

/** In units of 10⁻¹² micro-dollars. */
function exactCost(tokens: number[], price: string[]): bigint {
  const unit = 10n ** 12n;
  const sum = tokens.reduce((total, count, index) => total + BigInt(count) * scaled(price[index]!), 0n);
  return (sum + unit - 1n) / unit;
}

function scaled(price: string): bigint {
  const [whole = "0", fraction = ""] = price.split(".");
  return BigInt(whole + fraction.padEnd(12, "0"));
}

function randomPrice(random: () => number): string {
  const digits = Math.floor(random() * 13);
  const fraction = Array.from({ length: digits }, () => Math.floor(random() * 10)).join("");
  return `${Math.floor(random() * 1_000)}${fraction && `.${fraction}`}`;
}

/** mulberry32: the same numbers every time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
