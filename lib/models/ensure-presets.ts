/** Providers that the environment names, brought into the database at start. The keys stay in the environment. */
import type { Database, Transaction } from "@/db/client";
import {
  electDefaultModel,
  insertModelConfig,
  listModelNames,
  lockModelConfigs,
  toPriceColumns,
} from "@/db/queries/model-configs";
import {
  findPresetProvider,
  insertProvider,
  markProviderDeleted,
  restoreProvider,
  updateProvider,
} from "@/db/queries/providers";
import { newId } from "@/lib/ids";
import { defaultThreshold } from "./model-config-rules";
import { PRESET_MODELS, type PresetModel } from "./presets";
import { keyHint, type PresetEnv } from "./provider-key";

type Preset = {
  provider: keyof typeof PRESET_MODELS;
  displayName: string;
  apiKey: string | undefined;
  baseUrl: string | undefined;
};

/**
 * Called once at start, after the migrations. A preset whose variable is gone disappears with its models, and comes
 * back with them. What an administrator changed or deleted stays so; models new in the list are added.
 */
export async function ensurePresets(options: { db: Database; env: PresetEnv }): Promise<void> {
  const { env } = options;
  const presets: Preset[] = [
    { provider: "anthropic", displayName: "Anthropic", apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL },
    { provider: "openai", displayName: "OpenAI", apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL },
    {
      provider: "google",
      displayName: "Google Gemini",
      apiKey: env.GOOGLE_GENERATIVE_AI_API_KEY,
      baseUrl: env.GOOGLE_GENERATIVE_AI_BASE_URL,
    },
  ];
  await options.db.transaction(async (tx) => {
    await lockModelConfigs(tx);
    for (const preset of presets) await ensurePreset(tx, preset);
    await electDefaultModel(tx);
  });
}

async function ensurePreset(tx: Transaction, preset: Preset): Promise<void> {
  const known = await findPresetProvider(tx, { provider: preset.provider });
  if (!preset.apiKey) {
    if (known) await markProviderDeleted(tx, { providerId: known.id });
    return;
  }
  if (known?.deletedAt) await restoreProvider(tx, { providerId: known.id });
  const providerId = known?.id ?? newId();
  const columns = { baseUrl: preset.baseUrl?.replace(/\/+$/, "") ?? null, apiKeyHint: keyHint(preset.apiKey) };
  if (known) {
    await updateProvider(tx, { providerId, ...columns });
  } else {
    await insertProvider(tx, {
      id: providerId,
      provider: preset.provider,
      displayName: preset.displayName,
      apiKeyCiphertext: null,
      enabled: true,
      source: "environment",
      ...columns,
    });
  }
  const names = new Set(await listModelNames(tx, { providerId }));
  for (const model of PRESET_MODELS[preset.provider]) {
    if (!names.has(model.model)) await insertPresetModel(tx, { providerId, model });
  }
}

async function insertPresetModel(tx: Transaction, options: { providerId: string; model: PresetModel }): Promise<void> {
  const { providerId, model } = options;
  await insertModelConfig(tx, {
    id: newId(),
    providerId,
    model: model.model,
    displayName: model.displayName,
    enabled: true,
    contextLimit: model.contextLimit,
    compressionThreshold: defaultThreshold(model.contextLimit),
    options: {},
    ...toPriceColumns(model.pricing),
  });
}
