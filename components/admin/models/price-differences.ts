import type { ModelConfig, Pricing, Provider } from "@/lib/contract/models";
import { formatCount, formatPrice } from "@/lib/format";
import type { Suggestions } from "../../auth/provider-step";
import { matchesPriceList, PRICE_LABELS, PRICE_NAMES, type Priced, samePrice, toPriced } from "./model-form";

/** A model whose prices are not those of the price list. */
export type PriceDifference = {
  config: ModelConfig;
  /** The list's prices, which replace all of the model's. */
  list: Pricing;
  changes: { label: string; from: string; to: string }[];
};

/** Of every configured model that the list knows, in the order of the table. Custom prices are differences too. */
export function listPriceDifferences(options: {
  providers: readonly Provider[];
  configs: readonly ModelConfig[];
  suggestions: Suggestions;
}): PriceDifference[] {
  const { providers, configs, suggestions } = options;
  return providers.flatMap((provider) =>
    configs
      .filter((config) => config.provider_id === provider.id)
      .flatMap((config): PriceDifference[] => {
        const known = suggestions[provider.provider as keyof Suggestions] ?? [];
        const list = known.find(({ model }) => model === config.model)?.pricing;
        if (!list || matchesPriceList(toPriced(config.pricing), toPriced(list))) return [];
        return [{ config, list, changes: changesOf(toPriced(config.pricing), toPriced(list)) }];
      }),
  );
}

function changesOf(ours: Priced, list: Priced): PriceDifference["changes"] {
  const plain = PRICE_NAMES.filter((name) => !samePrice(ours.prices[name], list.prices[name])).map((name) => ({
    label: PRICE_LABELS[name],
    from: describePrice(ours.prices[name]),
    to: describePrice(list.prices[name]),
  }));
  const isSameTiers = matchesPriceList({ ...ours, prices: list.prices }, list);
  if (isSameTiers) return plain;
  return [...plain, { label: "Long prompts", from: describeTiers(ours), to: describeTiers(list) }];
}

const describePrice = (price: string): string => (price ? `$${formatPrice(price)}` : "unpriced");

const describeTiers = ({ tiers }: Priced): string =>
  tiers.length === 0
    ? "no other price"
    : tiers
        .map(({ aboveTokens, prices }) => {
          const named = PRICE_NAMES.filter((name) => prices[name]).map(
            (name) => `${PRICE_LABELS[name]} ${describePrice(prices[name])}`,
          );
          return `above ${formatCount(Number(aboveTokens.replace(/\D/g, "")))} tokens ${named.join(", ") || "unpriced"}`;
        })
        .join("; ");
