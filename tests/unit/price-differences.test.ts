import { expect, test } from "vitest";
import { listPriceDifferences } from "@/components/admin/models/price-differences";
import type { ModelConfig, Pricing, Provider } from "@/lib/contract/models";

const NO_PRICES = {
  input_price_per_million: null,
  output_price_per_million: null,
  cache_read_price_per_million: null,
  cache_write_price_per_million: null,
  cache_write_hour_price_per_million: null,
};
const LIST: Pricing = {
  ...NO_PRICES,
  input_price_per_million: "3",
  output_price_per_million: "15",
  tiers: [{ above_tokens: 200_000, ...NO_PRICES, input_price_per_million: "6" }],
};
const providers = [{ id: "p", provider: "anthropic" }] as Provider[];
const suggestions = { anthropic: [{ model: "listed", display_name: "Listed", context_limit: 1, pricing: LIST }] };
const config = (pricing: Partial<Pricing>, model = "listed", provider_id = "p") =>
  ({ id: model, provider_id, model, pricing: { ...LIST, ...pricing } }) as ModelConfig;
const differences = (...configs: ModelConfig[]) => listPriceDifferences({ providers, configs, suggestions });

test("a model that is priced as the list has it is no difference, however its decimals are written", () => {
  expect(differences(config({}), config({ input_price_per_million: "3.000" }))).toEqual([]);
});

test("a model or provider that the list does not know is none either", () => {
  const dear = { input_price_per_million: "9" };
  expect(differences(config(dear, "other"), config(dear, "listed", "gone"))).toEqual([]);
});

test("each price that differs is named with both, and what has none is unpriced", () => {
  const [difference] = differences(config({ input_price_per_million: "2.5", output_price_per_million: null }));
  expect(difference).toMatchObject({
    list: LIST,
    changes: [
      { label: "Input", from: "$2.50", to: "$3.00" },
      { label: "Output", from: "unpriced", to: "$15.00" },
    ],
  });
});

test("prices of long prompts are a difference of their own", () => {
  expect(differences(config({ tiers: [] }))[0]?.changes).toEqual([
    { label: "Long prompts", from: "no other price", to: "above 200,000 tokens Input $6.00" },
  ]);
});
