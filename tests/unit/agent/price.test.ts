import { expect, test } from "vitest";
import { priceCall } from "@/lib/agent/price";
import type { Usage } from "@/lib/contract/messages";
import type { Pricing } from "@/lib/contract/models";

const NO_USAGE: Usage = {
  input_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
};
const costMicros = (used: Usage | null, pricing: Pricing) => priceCall(used, pricing).costMicros;

const NO_PRICES: Pricing = {
  input_price_per_million: null,
  output_price_per_million: null,
  cache_read_price_per_million: null,
  cache_write_price_per_million: null,
  cache_write_hour_price_per_million: null,
  tiers: [],
};
const usage = (counts: Partial<Usage>): Usage => ({ ...NO_USAGE, ...counts });
const prices = (
  input: string | null,
  output: string | null,
  read: string | null = null,
  write: string | null = null,
): Pricing => ({
  ...NO_PRICES,
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
  ["unknown usage of a free model is free", NO_USAGE, prices("0", "0.00"), 0],
  ["unknown usage is unpriced where a cache costs something", NO_USAGE, prices("0", "0", "0.1"), null],
  [
    "unknown usage is unpriced where a price is missing",
    NO_USAGE,
    { ...prices("0", "0"), output_price_per_million: null },
    null,
  ],
  ["no usage is unpriced", null, prices("1", "1"), null],
] as [string, Usage | null, Pricing, number | null][])("%s", (_, used, pricing, expected) => {
  expect(costMicros(used, pricing)).toBe(expected);
});

test("the prices of a tier hold for the whole call, once the prompt is above it, cached or not", () => {
  const tiered: Pricing = {
    ...prices("1", "10", "0.1", "2"),
    tiers: [
      { ...prices("2", "20", "0.2", "4"), above_tokens: 200 },
      { ...prices("4", "40", "0.4", "8"), above_tokens: 1_000 },
    ].map(({ tiers: _, ...tier }) => tier),
  };
  const prompt = (input: number, read = 0, write = 0) =>
    priceCall(
      usage({ input_tokens: input, output_tokens: 1, cache_read_tokens: read, cache_creation_tokens: write }),
      tiered,
    );
  expect(prompt(200)).toMatchObject({ costMicros: 210, tierAboveTokens: null });
  expect(prompt(201)).toMatchObject({ costMicros: 422, tierAboveTokens: 200 });
  expect(prompt(1, 100, 100)).toMatchObject({ costMicros: 442, tierAboveTokens: 200 });
  expect(prompt(1_001)).toMatchObject({ costMicros: 4_044, prices: { output_price_per_million: "40" } });
});

test("cache writes for an hour are taken out of the others and have a price of their own", () => {
  const pricing: Pricing = { ...prices("1", "1", null, "2"), cache_write_hour_price_per_million: "5" };
  const used = usage({ cache_creation_tokens: 30, cache_creation_hour_tokens: 10 });
  expect(costMicros(used, pricing)).toBe(90);
  expect(costMicros(used, { ...pricing, cache_write_hour_price_per_million: null })).toBeNull();
});

test("a cost beyond a billion dollars is unknown, not a number", () => {
  const used = usage({ input_tokens: 1_000_000 });
  expect(costMicros(used, prices("1000000000", null))).toBe(1e15);
  expect(costMicros(used, prices("1000000000.000001", null))).toBeNull();
});

test("every cost is the one that whole-number arithmetic gives", () => {
  const random = createRandom(42);
  const randomPrices = () => Array.from({ length: 5 }, () => randomPrice(random));
  for (let round = 0; round < 2_000; round++) {
    const tokens = Array.from({ length: 5 }, () => Math.floor(random() * 10 ** Math.floor(random() * 9)));
    const [base, tier, above] = [randomPrices(), randomPrices(), Math.floor(random() * 10 ** 8)];
    const [input = 0, output = 0, read = 0, write = 0, hour = 0] = tokens;
    const cost = costMicros(
      usage({
        input_tokens: input,
        output_tokens: output,
        cache_read_tokens: read,
        cache_creation_tokens: write + hour,
        cache_creation_hour_tokens: hour,
      }),
      { ...fivePrices(base), tiers: [{ ...fivePrices(tier), above_tokens: above }] },
    );
    const price = input + read + write + hour > above ? tier : base;
    expect({ tokens, price, cost }).toEqual({ tokens, price, cost: Number(exactCost(tokens, price)) });
  }
});

const fivePrices = ([input, output, read, write, hour]: string[]) => ({
  input_price_per_million: input ?? null,
  output_price_per_million: output ?? null,
  cache_read_price_per_million: read ?? null,
  cache_write_price_per_million: write ?? null,
  cache_write_hour_price_per_million: hour ?? null,
});

/** In units of 10⁻¹² micro-dollars. */
function exactCost(tokens: number[], price: string[]): bigint {
  const unit = 10n ** 12n;
  const sum = tokens.reduce((total, count, index) => total + BigInt(count) * scaled(price[index] ?? ""), 0n);
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
