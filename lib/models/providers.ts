/** Writing providers: keys are sealed, the default model follows. Calls no provider. */
import type { z } from "zod";
import type { Database, Transaction } from "@/db/client";
import { electDefaultModel, lockModelConfigs } from "@/db/queries/model-configs";
import {
  findProviderRow,
  insertProvider,
  markProviderDeleted,
  type ProviderRow,
  updateProvider,
} from "@/db/queries/providers";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { createProviderSchema, Provider, ProviderType, patchProviderSchema } from "@/lib/contract/models";
import { newId } from "@/lib/ids";
import type { SecretBox } from "@/lib/secret-box";
import { sealProviderKey } from "./provider-key";

type Options = { db: Database; secrets: SecretBox };

/** @throws ApiError `bad_request` for an OpenAI-compatible server without address. */
export async function createProvider(
  { db, secrets }: Options,
  body: z.output<typeof createProviderSchema>,
): Promise<Provider> {
  const baseUrl = body.base_url ?? null;
  requireBaseUrl(body.provider, baseUrl);
  const id = newId();
  return insertProvider(db, {
    id,
    provider: body.provider,
    displayName: body.display_name ?? defaultName(body.provider, baseUrl),
    baseUrl,
    ...sealProviderKey(secrets, { providerId: id, apiKey: body.api_key ?? null }),
    enabled: body.enabled,
    source: "database",
  });
}

/**
 * What is absent stays; `api_key: null` removes the key. Disabling the default model's provider elects another model.
 * @throws ApiError `not_found`, or `conflict` for what the environment sets.
 */
export async function changeProvider(
  { db, secrets }: Options,
  options: { providerId: string; changes: z.output<typeof patchProviderSchema> },
): Promise<Provider> {
  const { providerId, changes } = options;
  return db.transaction(async (tx) => {
    await lockModelConfigs(tx);
    const before = await getProvider(tx, providerId);
    if (before.source === "environment" && (changes.api_key !== undefined || changes.base_url !== undefined)) {
      throw presetConflict(before);
    }
    if (changes.base_url !== undefined) requireBaseUrl(before.provider, changes.base_url);
    const key = changes.api_key === undefined ? {} : sealProviderKey(secrets, { providerId, apiKey: changes.api_key });
    const provider = await updateProvider(tx, {
      providerId,
      displayName: changes.display_name,
      baseUrl: changes.base_url,
      enabled: changes.enabled,
      ...key,
    });
    if (!provider) throw notFound();
    await electDefaultModel(tx);
    return provider;
  });
}

/** Its models go with it; history keeps their ids. @throws ApiError `not_found`, `conflict` for a preset. */
export async function deleteProvider(db: Database, options: { providerId: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockModelConfigs(tx);
    const provider = await getProvider(tx, options.providerId);
    if (provider.source === "environment") throw presetConflict(provider);
    await markProviderDeleted(tx, options);
    await electDefaultModel(tx);
  });
}

async function getProvider(tx: Transaction, providerId: string): Promise<ProviderRow> {
  const provider = await findProviderRow(tx, { providerId });
  if (!provider) throw notFound();
  return provider;
}

function presetConflict(provider: ProviderRow): ApiError {
  return new ApiError(
    "conflict",
    `${provider.displayName} is set by environment variables: change or remove them and start again. It can be disabled here.`,
  );
}

function requireBaseUrl(provider: ProviderType, baseUrl: string | null): void {
  if (provider !== "openai-compat" || baseUrl !== null) return;
  const detail = "An OpenAI-compatible server needs its address, version path included, such as http://host:8000/v1.";
  throw new ApiError("bad_request", `The body is not valid. base_url: ${detail}`, {
    validations: [{ field: "base_url", detail }],
  });
}

function defaultName(provider: ProviderType, baseUrl: string | null): string {
  const names = { anthropic: "Anthropic", openai: "OpenAI" } as Partial<Record<ProviderType, string>>;
  return names[provider] ?? (baseUrl ? new URL(baseUrl).host : provider);
}
