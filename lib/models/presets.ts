/**
 * What is known of models before anyone adds them: context limits and prices from a maintained list. It prefills; what
 * an administrator changed afterwards is never touched. Pure data; `npm run prices` writes the list.
 */
import type { Prices, Pricing, SupportedProviderType } from "@/lib/contract/models";
import priceList from "./price-list.json";

export type PresetModel = {
  model: string;
  displayName: string;
  /** Tokens. */
  contextLimit: number;
  /** USD per million tokens. */
  pricing: Pricing;
};

/** Every model of the list, for the forms that add one. Types that are missing have no list of their own. */
export const KNOWN_MODELS: Partial<Record<SupportedProviderType, readonly PresetModel[]>> = Object.fromEntries(
  Object.entries(priceList.models).map(([type, rows]) => [type, (rows as Row[]).map(toModel)]),
);

/** What a provider preset by the environment starts with; the first is the better default. */
export const PRESET_MODELS = {
  anthropic: known("anthropic", ["claude-sonnet-5", "claude-opus-5-5", "claude-haiku-4-5"]),
  openai: known("openai", ["gpt-6-sol", "gpt-6-luna"]),
  google: known("google", ["gemini-3.8-flash", "gemini-3.1-pro-preview"]),
} satisfies Partial<Record<SupportedProviderType, PresetModel[]>>;

/** Above how many tokens, then the five prices. */
type TierRow = (string | number | null)[];
type Row = readonly (string | number | null | TierRow[])[];

function toModel(row: Row): PresetModel {
  const [model, name, contextLimit, input, output, cacheRead, cacheWrite, cacheWriteHour, tiers] = row;
  return {
    model: String(model),
    displayName: String(name ?? model),
    contextLimit: Number(contextLimit),
    pricing: {
      ...toPrices([input, output, cacheRead, cacheWrite, cacheWriteHour]),
      tiers: ((tiers ?? []) as TierRow[]).map(([above, ...prices]) => ({
        above_tokens: Number(above),
        ...toPrices(prices),
      })),
    },
  };
}

function toPrices(row: readonly unknown[]): Prices {
  const [input, output, cacheRead, cacheWrite, cacheWriteHour] = row.map((price) =>
    price == null ? null : String(price),
  );
  return {
    input_price_per_million: input ?? null,
    output_price_per_million: output ?? null,
    cache_read_price_per_million: cacheRead ?? null,
    cache_write_price_per_million: cacheWrite ?? null,
    cache_write_hour_price_per_million: cacheWriteHour ?? null,
  };
}

/** @throws Error when the list no longer has one of them: a new list asks for a new choice. */
function known(type: keyof typeof priceList.models, names: readonly string[]): PresetModel[] {
  return names.map((name) => {
    const model = KNOWN_MODELS[type]?.find((each) => each.model === name);
    if (!model) throw new Error(`The price list has no ${name} of ${type}. Choose another preset model.`);
    return model;
  });
}
