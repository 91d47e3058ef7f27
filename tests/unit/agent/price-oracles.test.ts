import { calcPrice, findProvider } from "@pydantic/genai-prices";
import { getTokenCosts, MODEL_IDS } from "tokenlens";
import { expect, test } from "vitest";
import { priceCall } from "@/lib/agent/price";
import type { Usage } from "@/lib/contract/messages";
import { pricingSchema } from "@/lib/contract/models";
import { KNOWN_MODELS, type PresetModel } from "@/lib/models/presets";
import priceList from "@/lib/models/price-list.json";

/** Prompts on both sides of every tier, with and without a cache. */
const USAGES: Usage[] = [
  [1, 1, 0, 0, 0],
  [12_345, 678, 0, 0, 0],
  [3, 41_000, 99_999, 1, 0],
  [12, 100, 2_000, 100, 40],
  [150_000, 5, 49_999, 0, 0],
  [150_001, 5, 49_999, 1, 0],
  [250_000, 9_999, 600_000, 17, 17],
].map(([input, output, read, write, hour]) => ({
  input_tokens: input ?? null,
  output_tokens: output ?? null,
  reasoning_tokens: null,
  cache_read_tokens: read ?? null,
  cache_creation_tokens: write ?? null,
  cache_creation_hour_tokens: hour ?? null,
}));

/** An oracle works in floating dollars: what is within a billionth of a micro-dollar of a whole one is that one. */
const ceilMicros = (dollars: number): number => Math.ceil(dollars * 1e6 - 1e-6);

/** Of tokenlens, which takes its list from models.dev, shares no code with ours and knows no tiers. */
const tokenlensId = (type: string, model: string) =>
  MODEL_IDS.find(
    (id) => id === `${type}:${model}` || id.replace(/-\d{8}$/, "") === `${type}:${model.replace(/-0$/, "")}`,
  );
const oracleDollars = (modelId: string, counts: { input?: number; output?: number; read?: number; write?: number }) =>
  getTokenCosts({
    modelId,
    usage: {
      input_tokens: counts.input ?? 0,
      output_tokens: counts.output ?? 0,
      cacheReads: counts.read ?? 0,
      cacheWrites: counts.write ?? 0,
    } as never,
  }).totalUSD ?? Number.NaN;

const known = (type: keyof typeof KNOWN_MODELS): readonly PresetModel[] => KNOWN_MODELS[type] ?? [];
const shared = (["anthropic", "openai", "google"] as const).flatMap((type) =>
  known(type).flatMap((model) => {
    const id = tokenlensId(type, model.model);
    return id && oracleDollars(id, { input: 1 }) > 0 ? [[id, model] as const] : [];
  }),
);

test("the oracle knows models of every vendor that we know", () => {
  expect(new Set(shared.map(([id]) => id.split(":")[0]))).toEqual(new Set(["anthropic", "openai", "google"]));
  expect(shared.length).toBeGreaterThanOrEqual(10);
});

test.each(shared)("at tokenlens' prices, calls of %s cost what it computes", (modelId) => {
  const million = 1_000_000;
  const price = (counts: Parameters<typeof oracleDollars>[1]) => String(oracleDollars(modelId, counts));
  const pricing = pricingSchema.parse({
    input_price_per_million: price({ input: million }),
    output_price_per_million: price({ output: million }),
    cache_read_price_per_million: price({ read: million }),
    cache_write_price_per_million: price({ write: million }),
  });
  for (const { cache_creation_hour_tokens: _, ...used } of USAGES) {
    const [input, output] = [used.input_tokens ?? 0, used.output_tokens ?? 0];
    const [read, write] = [used.cache_read_tokens ?? 0, used.cache_creation_tokens ?? 0];
    const cost = ceilMicros(oracleDollars(modelId, { input, output, read, write }));
    expect({ used, cost: priceCall(used, pricing).costMicros }).toEqual({ used, cost });
  }
});

/** Cache prices were lowered by OpenAI and Google after its list was made, in September 2025. */
test.each(shared)("%s has tokenlens' prices for input and output in our list", (modelId, { pricing }) => {
  expect(Number(pricing.input_price_per_million)).toBeCloseTo(oracleDollars(modelId, { input: 1_000_000 }), 9);
  expect(Number(pricing.output_price_per_million)).toBeCloseTo(oracleDollars(modelId, { output: 1_000_000 }), 9);
});

/** The package that our list comes from, by its own arithmetic, tiers and the hour's cache included. */
const VENDORS = {
  anthropic: "anthropic",
  openai: "openai",
  google: "google",
  bedrock: "aws",
  openrouter: "openrouter",
};

test.each(Object.entries(VENDORS))("every model of %s costs what genai-prices computes", (type, providerId) => {
  const provider = findProvider({ providerId });
  if (!provider) throw new Error(`genai-prices does not know ${providerId}.`);
  for (const { model, pricing } of known(type as keyof typeof VENDORS)) {
    for (const used of USAGES) {
      const { costMicros } = priceCall(used, pricing);
      if (costMicros === null) continue;
      const [input, read, write] = [
        used.input_tokens ?? 0,
        used.cache_read_tokens ?? 0,
        used.cache_creation_tokens ?? 0,
      ];
      const total = calcPrice(
        {
          input_tokens: input + read + write,
          output_tokens: used.output_tokens ?? 0,
          cache_read_tokens: read,
          cache_write_tokens: write,
          cache_write_1h_tokens: used.cache_creation_hour_tokens ?? 0,
        } as never,
        model,
        { provider, timestamp: new Date(`${priceList.asOf}T12:00:00Z`) },
      );
      expect({ model, used, costMicros }).toEqual({
        model,
        used,
        costMicros: ceilMicros(total?.total_price ?? Number.NaN),
      });
    }
  }
});
