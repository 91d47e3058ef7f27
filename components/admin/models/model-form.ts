import type { ModelConfig, ModelOptions, Prices, Pricing } from "@/lib/contract/models";
import { formatCount } from "@/lib/format";

export type Effort = NonNullable<ModelOptions["reasoning_effort"]>;

/** The panel's fields as typed. Prices stay text: a decimal never becomes a floating number. */
export type ModelFields = {
  providerId: string;
  displayName: string;
  model: string;
  contextLimit: string;
  compressionThreshold: string;
  prices: Record<PriceName, string>;
  tiers: readonly TierFields[];
  maxOutputTokens: string;
  temperature: string;
  /** Empty: the model's own. */
  effort: Effort | "";
};

/** Prices of prompts above so many tokens. */
export type TierFields = { aboveTokens: string; prices: Record<PriceName, string> };

export const PRICE_NAMES = ["input", "output", "cache_read", "cache_write", "cache_write_hour"] as const;
export type PriceName = (typeof PRICE_NAMES)[number];

export const PRICE_LABELS = {
  input: "Input",
  output: "Output",
  cache_read: "Cache Read",
  cache_write: "Cache Write",
  cache_write_hour: "Cache Write, 1 hour",
} satisfies Record<PriceName, string>;

export const priceField = (name: PriceName): keyof Prices => `${name}_price_per_million`;

/** What the fields start with. */
export function toFields(
  config: ModelConfig | null,
  { providerId, newModel = "" }: { providerId: string; newModel?: string | undefined },
): ModelFields {
  return {
    providerId,
    displayName: config?.display_name ?? "",
    model: config?.model ?? newModel,
    contextLimit: formatCount(config?.context_limit ?? 200_000),
    compressionThreshold: config ? String(config.compression_threshold) : "",
    prices: toPrices(config?.pricing),
    tiers: toTiers(config?.pricing),
    maxOutputTokens: formatOptional(config?.options.max_output_tokens),
    temperature: config?.options.temperature === undefined ? "" : String(config.options.temperature),
    effort: config?.options.reasoning_effort ?? "",
  };
}

/** Prices as typed; null is empty. */
export function toPrices(pricing: Partial<Prices> | undefined): Record<PriceName, string> {
  return Object.fromEntries(PRICE_NAMES.map((name) => [name, pricing?.[priceField(name)] ?? ""])) as Record<
    PriceName,
    string
  >;
}

const toTiers = (pricing: Pricing | undefined): TierFields[] =>
  (pricing?.tiers ?? []).map((tier) => ({ aboveTokens: formatCount(tier.above_tokens), prices: toPrices(tier) }));

/** A tier that nothing was typed into. */
export const NO_TIER: TierFields = { aboveTokens: "", prices: toPrices(undefined) };

/**
 * The request's body. What is not a number goes as it was typed, and the server says what is wrong with it. Of the
 * stored options those that have no field stay.
 */
export function toBody(fields: ModelFields, options: ModelOptions = {}): Record<string, unknown> {
  const { maxOutputTokens, temperature, effort } = fields;
  const { max_output_tokens: _limit, temperature: _heat, reasoning_effort: _effort, ...others } = options;
  return {
    model: fields.model.trim(),
    display_name: fields.displayName.trim() || fields.model.trim(),
    context_limit: toNumber(fields.contextLimit),
    ...(fields.compressionThreshold.trim() && { compression_threshold: toNumber(fields.compressionThreshold) }),
    options: {
      ...others,
      ...(maxOutputTokens.trim() && { max_output_tokens: toNumber(maxOutputTokens) }),
      ...(temperature.trim() && { temperature: toFraction(temperature) }),
      ...(effort && { reasoning_effort: effort }),
    },
    pricing: {
      ...toPriceBody(fields.prices),
      tiers: fields.tiers.map(({ aboveTokens, prices }) => ({
        above_tokens: toNumber(aboveTokens),
        ...toPriceBody(prices),
      })),
    },
  };
}

const toPriceBody = (prices: Record<PriceName, string>) =>
  Object.fromEntries(PRICE_NAMES.map((name) => [priceField(name), prices[name].trim() || null]));

/** Whether two versions of the fields would store the same. */
export function isSameModel(a: ModelFields, b: ModelFields): boolean {
  return JSON.stringify([toBody(a), a.providerId]) === JSON.stringify([toBody(b), b.providerId]);
}

const formatOptional = (count: number | undefined): string => (count === undefined ? "" : formatCount(count));

/** `0.7`, also typed as `0,7`. */
function toFraction(text: string): number | string {
  const plain = text.trim().replace(",", ".");
  return /^\d*\.?\d+$/.test(plain) ? Number(plain) : text;
}

/** People group thousands: `200,000`. */
function toNumber(text: string): number | string {
  const plain = text.replace(/[,\s_]/g, "");
  return /^\d+$/.test(plain) ? Number(plain) : text;
}

export type Priced = Pick<ModelFields, "prices" | "tiers">;

/** The list's prices as fields. */
export const toPriced = (pricing: Pricing): Priced => ({ prices: toPrices(pricing), tiers: toTiers(pricing) });

/** Whether every price is the list's, compared as decimals: `3` is `3.00`. */
export function matchesPriceList(priced: Priced, list: Priced): boolean {
  return JSON.stringify(plainPrices(priced)) === JSON.stringify(plainPrices(list));
}

/** Whether two texts are the same decimal, or both none. */
export const samePrice = (a: string, b: string): boolean => normalise(a) === normalise(b);

const plainPrices = ({ prices, tiers }: Priced) =>
  [{ aboveTokens: "0", prices }, ...tiers].map((each) => [
    toNumber(each.aboveTokens),
    PRICE_NAMES.map((name) => normalise(each.prices[name])),
  ]);

function normalise(price: string): string {
  const [whole = "", fraction = ""] = price.trim().split(".");
  if (!whole && !fraction) return "";
  return `${whole.replace(/^0+(?=\d)/, "") || "0"}.${fraction.replace(/0+$/, "")}`;
}

/** As many as fit into two rows. */
const MAX_OFFERED = 8;

/** The names to offer for what is typed so far; a list can be long. */
export function offeredModels(known: readonly { model: string }[], typed: string): string[] {
  const words = typed.trim().toLowerCase();
  const names = known.map(({ model }) => model);
  if (names.includes(typed.trim())) return [];
  return names.filter((name) => name.toLowerCase().includes(words)).slice(0, MAX_OFFERED);
}
