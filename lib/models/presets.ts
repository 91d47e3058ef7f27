/**
 * The models a provider preset by the environment starts with. A maintained price list: it prefills, and what an
 * administrator changed afterwards is never touched. Pure data.
 */
import type { Pricing, ProviderType } from "@/lib/contract/models";

export type PresetModel = {
  model: string;
  displayName: string;
  /** Tokens. */
  contextLimit: number;
  pricing: Pricing;
};

/** USD per million tokens. A cache write is the provider's default one (Anthropic: kept for 5 minutes); null: no such price. */
function prices(input: string, output: string, cacheRead: string, cacheWrite: string | null): Pricing {
  return {
    input_price_per_million: input,
    output_price_per_million: output,
    cache_read_price_per_million: cacheRead,
    cache_write_price_per_million: cacheWrite,
  };
}

/** Anthropic: docs.claude.com/en/docs/about-claude/pricing, as of November 2025. The first is the better default. */
const ANTHROPIC: PresetModel[] = [
  {
    model: "claude-sonnet-4-5",
    displayName: "Claude Sonnet 4.5",
    contextLimit: 200_000,
    pricing: prices("3", "15", "0.30", "3.75"),
  },
  {
    model: "claude-opus-4-5",
    displayName: "Claude Opus 4.5",
    contextLimit: 200_000,
    pricing: prices("5", "25", "0.50", "6.25"),
  },
  {
    model: "claude-haiku-4-5",
    displayName: "Claude Haiku 4.5",
    contextLimit: 200_000,
    pricing: prices("1", "5", "0.10", "1.25"),
  },
];

/** OpenAI: platform.openai.com/docs/pricing, as of November 2025. It does not charge for cache writes separately. */
const OPENAI: PresetModel[] = [
  { model: "gpt-5", displayName: "GPT-5", contextLimit: 400_000, pricing: prices("1.25", "10", "0.125", null) },
  {
    model: "gpt-5-mini",
    displayName: "GPT-5 mini",
    contextLimit: 400_000,
    pricing: prices("0.25", "2", "0.025", null),
  },
];

/** The default model list of each provider that a variable can preset. */
export const PRESET_MODELS = { anthropic: ANTHROPIC, openai: OPENAI } as const satisfies Partial<
  Record<ProviderType, PresetModel[]>
>;
