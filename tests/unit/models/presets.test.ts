import Decimal from "decimal.js";
import { expect, test } from "vitest";
import { pricingSchema } from "@/lib/contract/models";
import { defaultThreshold } from "@/lib/models/model-config-rules";
import { PRESET_MODELS } from "@/lib/models/presets";

const models = Object.values(PRESET_MODELS).flat();

test("every preset has prices the API would accept", () => {
  for (const { pricing } of models) expect(pricingSchema.parse(pricing)).toEqual(pricing);
});

test("no price was mistyped by a digit: reading a cache is a tenth of input, writing a quarter dearer", () => {
  for (const { pricing } of models) {
    const input = new Decimal(pricing.input_price_per_million ?? 0);
    expect(new Decimal(pricing.output_price_per_million ?? 0).greaterThanOrEqualTo(input.times(5))).toBe(true);
    expect(new Decimal(pricing.cache_read_price_per_million ?? 0).equals(input.dividedBy(10))).toBe(true);
    const write = pricing.cache_write_price_per_million;
    if (write !== null) expect(new Decimal(write).equals(input.times("1.25"))).toBe(true);
  }
});

test.each([
  [8_000, 70],
  [499_999, 70],
  [500_000, 30],
  [2_000_000, 30],
])("a context of %i tokens is compacted at %i %%", (contextLimit, threshold) => {
  expect(defaultThreshold(contextLimit)).toBe(threshold);
});
