/** Writing model configurations, one at a time, so that exactly one of the live ones is the default afterwards. */
import type { z } from "zod";
import type { Database, Transaction } from "@/db/client";
import {
  countModelConfigs,
  electDefaultModel,
  findModelConfig,
  insertModelConfig,
  lockModelConfigs,
  markModelConfigDeleted,
  toPriceColumns,
  updateDefaultModel,
  updateModelConfig,
} from "@/db/queries/model-configs";
import { findProviderRow } from "@/db/queries/providers";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { createModelConfigSchema, ModelConfig, patchModelConfigSchema } from "@/lib/contract/models";
import { newId } from "@/lib/ids";
import { defaultThreshold } from "./model-config-rules";

type NewModelConfig = z.output<typeof createModelConfigSchema>;
type ModelConfigChanges = z.output<typeof patchModelConfigSchema>;

/** The first one becomes the default. @throws ApiError `unprocessable` for an unknown provider. */
export async function createModelConfig(db: Database, body: NewModelConfig): Promise<ModelConfig> {
  return db.transaction(async (tx) => {
    await lockModelConfigs(tx);
    if (!(await findProviderRow(tx, { providerId: body.provider_id }))) {
      throw new ApiError("unprocessable", `There is no provider ${body.provider_id}. Add the provider first.`);
    }
    if (body.is_default && !body.enabled) throw disabledDefault();
    const id = newId();
    await insertModelConfig(tx, {
      id,
      providerId: body.provider_id,
      model: body.model,
      displayName: body.display_name ?? body.model,
      enabled: body.enabled,
      contextLimit: body.context_limit,
      compressionThreshold: body.compression_threshold ?? defaultThreshold(body.context_limit),
      options: body.options,
      ...toPriceColumns(body.pricing ?? {}),
    });
    if (body.is_default) await updateDefaultModel(tx, { modelConfigId: id });
    await electDefaultModel(tx);
    return getModelConfig(tx, id);
  });
}

/**
 * What is absent stays. Demoting or disabling the default elects another.
 * @throws ApiError `not_found`, or `conflict` for demoting the only one or promoting a disabled one.
 */
export async function changeModelConfig(
  db: Database,
  options: { modelConfigId: string; changes: ModelConfigChanges },
): Promise<ModelConfig> {
  const { modelConfigId, changes } = options;
  return db.transaction(async (tx) => {
    await lockModelConfigs(tx);
    const before = await getModelConfig(tx, modelConfigId);
    const isDemoted = before.is_default && changes.is_default === false;
    if (isDemoted && (await countModelConfigs(tx)) === 1) {
      throw new ApiError("conflict", `${before.display_name} is the only model. Add another to make it the default.`);
    }
    if (changes.is_default && !before.is_default && !(changes.enabled ?? before.enabled)) throw disabledDefault();
    await updateModelConfig(tx, {
      modelConfigId,
      changes: {
        model: changes.model,
        displayName: changes.display_name,
        enabled: changes.enabled,
        contextLimit: changes.context_limit,
        compressionThreshold: changes.compression_threshold,
        options: changes.options,
        ...toPriceColumns(changes.pricing ?? {}),
      },
    });
    if (changes.is_default) await updateDefaultModel(tx, { modelConfigId });
    await electDefaultModel(tx, isDemoted ? { exceptId: modelConfigId } : {});
    return getModelConfig(tx, modelConfigId);
  });
}

/** Chats that used it go on with the default. @throws ApiError `not_found` */
export async function deleteModelConfig(db: Database, options: { modelConfigId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockModelConfigs(tx);
    if (!(await markModelConfigDeleted(tx, options))) throw notFound();
    await electDefaultModel(tx);
  });
}

async function getModelConfig(tx: Transaction, modelConfigId: string): Promise<ModelConfig> {
  const config = await findModelConfig(tx, { modelConfigId });
  if (!config) throw notFound();
  return config;
}

const disabledDefault = (): ApiError =>
  new ApiError("conflict", "A disabled model cannot be the default. Enable it in the same request.");
