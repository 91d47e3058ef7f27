/** The API key of a provider: where it stands, sealed or in the environment. Never logs or returns it to a client. */
import type { ProviderRow } from "@/db/queries/providers";
import type { ProviderType } from "@/lib/contract/models";
import { PROVIDER_FACTS } from "@/lib/contract/provider-types";
import type { Env } from "@/lib/env";
import type { SecretBox } from "@/lib/secret-box";

/** Shorter keys would be given away by their last four characters. */
const MIN_LENGTH_FOR_HINT = 12;

const placeOf = (providerId: string): string => `chat_providers.api_key:${providerId}`;

/** The columns that hold a key; null removes it. */
export function sealProviderKey(
  secrets: SecretBox,
  options: { providerId: string; apiKey: string | null },
): { apiKeyCiphertext: string | null; apiKeyHint: string | null } {
  const { providerId, apiKey } = options;
  if (apiKey === null) return { apiKeyCiphertext: null, apiKeyHint: null };
  return { apiKeyCiphertext: secrets.seal(apiKey, placeOf(providerId)), apiKeyHint: keyHint(apiKey) };
}

/** The last four characters, to recognise a key by; null for one too short to show any of. */
export const keyHint = (apiKey: string): string | null =>
  apiKey.length >= MIN_LENGTH_FOR_HINT ? apiKey.slice(-4) : null;

/** Null: there is none. @throws Error when the stored key was sealed with another secret key. */
export function openProviderKey(
  options: { secrets: SecretBox; env: PresetEnv },
  provider: Pick<ProviderRow, "id" | "provider" | "source" | "apiKeyCiphertext">,
): string | null {
  if (provider.source === "environment") return presetKey(options.env, provider.provider);
  if (provider.apiKeyCiphertext === null) return null;
  return options.secrets.open(provider.apiKeyCiphertext, placeOf(provider.id));
}

/** Whether a key is there, without opening it. */
export function hasProviderKey(
  env: PresetEnv,
  provider: Pick<ProviderRow, "provider" | "source" | "apiKeyCiphertext">,
): boolean {
  return provider.source === "environment"
    ? presetKey(env, provider.provider) !== null
    : provider.apiKeyCiphertext !== null;
}

/** An OpenAI-compatible server on one's own machine often wants none. */
export const needsKey = (provider: ProviderType): boolean => PROVIDER_FACTS[provider].needsKey;

export type PresetEnv = Pick<
  Env,
  | "ANTHROPIC_API_KEY"
  | "ANTHROPIC_BASE_URL"
  | "OPENAI_API_KEY"
  | "OPENAI_BASE_URL"
  | "GOOGLE_GENERATIVE_AI_API_KEY"
  | "GOOGLE_GENERATIVE_AI_BASE_URL"
>;

function presetKey(env: PresetEnv, provider: ProviderType): string | null {
  if (provider === "anthropic") return env.ANTHROPIC_API_KEY ?? null;
  if (provider === "openai") return env.OPENAI_API_KEY ?? null;
  if (provider === "google") return env.GOOGLE_GENERATIVE_AI_API_KEY ?? null;
  return null;
}
