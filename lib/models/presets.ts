/**
 * What is known of models before anyone adds them: context limits and prices from a maintained list. It prefills; what
 * an administrator changed afterwards is never touched. Pure data; `npm run prices` writes the list.
 */
import type { Pricing, SupportedProviderType } from "@/lib/contract/models";
import priceList from "./price-list.json";

export type PresetModel = {
  model: string;
  displayName: string;
  /** Tokens. */
  contextLimit: number;
  /** USD per million tokens. Prices that rise with the length of the prompt count at their base. */
  pricing: Pricing;
};

/** Every model of the list, for the forms that add one. Types that are missing have no list of their own. */
export const KNOWN_MODELS: Partial<Record<SupportedProviderType, readonly PresetModel[]>> = Object.fromEntries(
  Object.entries(priceList.models).map(([type, rows]) => [type, rows.map(toModel)]),
);

/** What a provider preset by the environment starts with; the first is the better default. */
export const PRESET_MODELS = {
  anthropic: known("anthropic", ["claude-sonnet-5", "claude-opus-5-5", "claude-haiku-4-5"]),
  openai: known("openai", ["gpt-6-sol", "gpt-6-luna"]),
  google: known("google", ["gemini-3.8-flash", "gemini-3.1-pro-preview"]),
} satisfies Partial<Record<SupportedProviderType, PresetModel[]>>;

function toModel(row: readonly (string | number | null)[]): PresetModel {
  const [model, name, contextLimit, input, output, cacheRead, cacheWrite] = row;
  const price = (value: string | number | null | undefined) => (value == null ? null : String(value));
  return {
    model: String(model),
    displayName: String(name ?? model),
    contextLimit: Number(contextLimit),
    pricing: {
      input_price_per_million: price(input),
      output_price_per_million: price(output),
      cache_read_price_per_million: price(cacheRead),
      cache_write_price_per_million: price(cacheWrite),
    },
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
