import type { ProviderType } from "@/lib/contract/models";

export type OfferedProvider = Extract<ProviderType, "anthropic" | "openai" | "openai-compat">;

type OfferedProviderFacts = {
  label: string;
  /** What the address is when none is given; null: one must be given. */
  defaultBaseUrl: string | null;
  needsKey: boolean;
};

/** The provider types that this version can call, in the order they are offered. */
export const OFFERED_PROVIDERS = {
  anthropic: { label: "Anthropic", defaultBaseUrl: "https://api.anthropic.com/v1", needsKey: true },
  openai: { label: "OpenAI", defaultBaseUrl: "https://api.openai.com/v1", needsKey: true },
  "openai-compat": { label: "OpenAI-compatible", defaultBaseUrl: null, needsKey: false },
} satisfies Record<OfferedProvider, OfferedProviderFacts>;

export const OFFERED_PROVIDER_TYPES = Object.keys(OFFERED_PROVIDERS) as OfferedProvider[];

/** Facts of any type; those that are not offered need a key and have their own address. */
export function providerFacts(type: ProviderType): OfferedProviderFacts {
  return type in OFFERED_PROVIDERS
    ? OFFERED_PROVIDERS[type as OfferedProvider]
    : { label: type, defaultBaseUrl: "", needsKey: true };
}
