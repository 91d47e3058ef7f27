import { expect, test } from "vitest";
import { pricingSchema } from "@/lib/contract/models";
import { collectPrices } from "@/lib/models/generate-price-list.mjs";
import { defaultThreshold } from "@/lib/models/model-config-rules";
import { KNOWN_MODELS, PRESET_MODELS } from "@/lib/models/presets";
import priceList from "@/lib/models/price-list.json";

test("the price list is what the maintained package says, as of its date", () => {
  expect(priceList.models).toEqual(JSON.parse(JSON.stringify(collectPrices(priceList.asOf))));
});

test("every known model has exact prices and a limit that the API would accept", () => {
  for (const models of Object.values(KNOWN_MODELS)) {
    expect(models.length).toBeGreaterThan(5);
    expect(new Set(models.map(({ model }) => model)).size).toBe(models.length);
    for (const { pricing, contextLimit } of models) {
      expect(pricingSchema.parse(pricing)).toEqual(pricing);
      expect(pricing.input_price_per_million).not.toBeNull();
      expect(contextLimit).toBeGreaterThanOrEqual(100_000);
    }
  }
});

/** From the vendors' own pages (docs.claude.com, platform.openai.com and ai.google.dev "Pricing"), January 2026. */
test.each([
  ["anthropic", "claude-opus-4-5", "5", "25", "0.5", "6.25", 200_000],
  ["anthropic", "claude-haiku-4-5", "1", "5", "0.1", "1.25", 200_000],
  ["openai", "gpt-5", "1.25", "10", "0.125", null, 400_000],
  ["openai", "gpt-5-mini", "0.25", "2", "0.025", null, 400_000],
  ["google", "gemini-2.5-pro", "1.25", "10", "0.125", null, 1_048_576],
] as const)("%s's %s costs what its vendor's page said", (type, model, input, output, read, write, contextLimit) => {
  expect(KNOWN_MODELS[type]?.find((known) => known.model === model)).toMatchObject({
    contextLimit,
    pricing: {
      input_price_per_million: input,
      output_price_per_million: output,
      cache_read_price_per_million: read,
      cache_write_price_per_million: write,
    },
  });
});

test("the presets are of the list, several for each vendor that a variable can set", () => {
  expect(Object.values(PRESET_MODELS).map((models) => models.length > 1)).toEqual([true, true, true]);
});

test.each([
  [8_000, 70],
  [499_999, 70],
  [500_000, 30],
  [2_000_000, 30],
])("a context of %i tokens is compacted at %i %%", (contextLimit, threshold) => {
  expect(defaultThreshold(contextLimit)).toBe(threshold);
});
