/** Which model a run uses, with its key. Calls no provider. */
import type { Database, Executor } from "@/db/client";
import { findServedModel, listServedModels, type ServedModel } from "@/db/queries/model-configs";
import type { ChatError, FailureKind } from "@/lib/contract/chats";
import {
  type AvailableModel,
  type ModelConfig,
  type Pricing,
  type ProviderSettings,
  type ProviderType,
  SUPPORTED_PROVIDER_TYPES,
  type SupportedProviderType,
} from "@/lib/contract/models";
import type { SecretBox } from "@/lib/secret-box";
import { hasProviderKey, needsKey, openProviderKey, type PresetEnv } from "./provider-key";

type Keys = { secrets: SecretBox; env: PresetEnv };

/** What a call of the model needs. The key must reach nothing but the provider. */
export type RunnableModel = {
  config: ModelConfig;
  provider: {
    id: string;
    type: SupportedProviderType;
    displayName: string;
    baseUrl: string | null;
    settings: ProviderSettings;
  };
  /** Null only where the server wants none. */
  apiKey: string | null;
  /** In force now; the cost of a step is computed with it and stored beside it. */
  pricing: Pricing;
};

/** A reason is for the chat's `last_error`: none of them goes away by trying again. */
export type ResolvedModel = { ok: true; model: RunnableModel } | { ok: false; error: ChatError };

/** Falls back to the default model when the chat's own was deleted or disabled, or when there is none. */
export async function resolveModelForRun(options: {
  db: Database;
  runtime: Keys;
  modelConfigId: string | null;
}): Promise<ResolvedModel> {
  const { db, runtime, modelConfigId } = options;
  return resolveServedModel(await findServedModel(db.$client, { modelConfigId }), runtime);
}

/** Opens the key of the model that was found for a run. Reads nothing. */
export function resolveServedModel(served: ServedModel | undefined, runtime: Keys): ResolvedModel {
  if (!served) return refused("config", null, "No model is configured. An administrator can add one under Models.");
  const { config, provider } = served;
  const problem = problemOf(served, runtime.env);
  if (problem) return refused(problem.kind, provider.provider, problem.text);
  let apiKey: string | null;
  try {
    apiKey = openProviderKey(runtime, provider);
  } catch {
    // The cause names cryptography, not the way out.
    const text = `The stored API key of ${provider.displayName} cannot be decrypted. Enter it again under Models.`;
    return refused("missing_key", provider.provider, text);
  }
  const { id, provider: type, displayName, baseUrl, settings } = provider;
  if (!isSupported(type)) return refused("config", type, `This version cannot call providers of the type ${type}.`);
  return {
    ok: true,
    model: { config, provider: { id, type, displayName, baseUrl, settings }, apiKey, pricing: config.pricing },
  };
}

/** What vendors call their small models. */
const SMALL_MODEL = /(^|[^a-z])(haiku|mini|flash|nano|lite|small)([^a-z]|$)/i;

/** A small model of a provider that works, before all of the chat's own; else the chat's model. */
export async function resolveSmallModel(options: {
  db: Database;
  runtime: Keys;
  modelConfigId: string | null;
}): Promise<ResolvedModel> {
  const own = await resolveModelForRun(options);
  if (own.ok && SMALL_MODEL.test(own.model.config.model)) return own;
  const ownProvider = own.ok ? own.model.provider.id : null;
  const small = (await listServedModels(options.db))
    .filter(({ config }) => SMALL_MODEL.test(config.model))
    .sort((a, b) => Number(b.provider.id === ownProvider) - Number(a.provider.id === ownProvider));
  for (const { config } of small) {
    const resolved = await resolveModelForRun({ ...options, modelConfigId: config.id });
    if (resolved.ok) return resolved;
  }
  return own;
}

/** What a person may pick, with the reason where a model cannot run now. */
export async function listAvailableModels(options: { db: Executor; env: PresetEnv }): Promise<AvailableModel[]> {
  const served = await listServedModels(options.db);
  return served.map(({ config, provider }) => {
    const problem = problemOf({ config, provider }, options.env);
    return {
      id: config.id,
      provider_id: provider.id,
      provider: provider.provider,
      provider_name: provider.displayName,
      model: config.model,
      display_name: config.display_name,
      context_limit: config.context_limit,
      is_default: config.is_default,
      available: problem === null,
      unavailable_reason: problem?.text ?? null,
      unpriced: isUnpriced(config.pricing),
      options: config.options,
    };
  });
}

const isUnpriced = ({ input_price_per_million: input, output_price_per_million: output }: Pricing): boolean =>
  input === null || output === null;

function problemOf({ config, provider }: ServedModel, env: PresetEnv): { kind: FailureKind; text: string } | null {
  if (!config.enabled) {
    return { kind: "config", text: `The model ${config.display_name} is disabled and there is no other.` };
  }
  if (!provider.enabled)
    return { kind: "provider_disabled", text: `The provider ${provider.displayName} is disabled.` };
  if (needsKey(provider.provider) && !hasProviderKey(env, provider)) {
    return { kind: "missing_key", text: `The provider ${provider.displayName} has no API key.` };
  }
  return null;
}

/** Whether this version can call providers of this type. */
export const isSupported = (type: ProviderType): type is SupportedProviderType =>
  (SUPPORTED_PROVIDER_TYPES as readonly ProviderType[]).includes(type);

const refused = (kind: FailureKind, provider: ProviderType | null, message: string): ResolvedModel => ({
  ok: false,
  error: { kind, message, provider, status_code: null, retryable: false, detail: null },
});
