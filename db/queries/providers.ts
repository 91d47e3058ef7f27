/** Model providers. Sees keys as sealed text only. */
import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Executor, Transaction } from "@/db/client";
import { modelConfigs, providers } from "@/db/schema";
import type { Provider, ProviderSettings, ProviderType } from "@/lib/contract/models";

/** A provider with its sealed key: for opening it, never for an answer. */
export type ProviderRow = typeof providers.$inferSelect;

/** Every provider that is not deleted, oldest first. An installation has a handful. */
export async function listProviders(executor: Executor): Promise<Provider[]> {
  return executor
    .select(wireColumns)
    .from(providers)
    .where(isNull(providers.deletedAt))
    .orderBy(asc(providers.createdAt), providers.id);
}

/** A provider with its sealed key; undefined when it does not exist or was deleted. */
export async function findProviderRow(
  executor: Executor,
  options: { providerId: string },
): Promise<ProviderRow | undefined> {
  const [row] = await executor.select().from(providers).where(isLive(options.providerId));
  return row;
}

/** Adds a provider. */
export async function insertProvider(
  executor: Executor,
  values: {
    id: string;
    provider: ProviderType;
    displayName: string;
    baseUrl: string | null;
    apiKeyCiphertext: string | null;
    apiKeyHint: string | null;
    settings?: ProviderSettings | undefined;
    enabled: boolean;
    source: "database" | "environment";
  },
): Promise<Provider> {
  const [row] = await executor.insert(providers).values(values).returning(wireColumns);
  if (!row) throw new Error("The insert of a provider returned no row.");
  return row;
}

/** Changes what is given; undefined when it does not exist or was deleted. */
export async function updateProvider(
  executor: Executor,
  options: {
    providerId: string;
    displayName?: string | undefined;
    baseUrl?: string | null | undefined;
    apiKeyCiphertext?: string | null | undefined;
    apiKeyHint?: string | null | undefined;
    settings?: ProviderSettings | undefined;
    enabled?: boolean | undefined;
  },
): Promise<Provider | undefined> {
  const { providerId, ...changes } = options;
  const [row] = await executor
    .update(providers)
    .set({ ...changes, updatedAt: now })
    .where(isLive(providerId))
    .returning(wireColumns);
  return row;
}

/** Marks a provider and its models as deleted, at the same instant; history keeps their ids. False: nothing to delete. */
export async function markProviderDeleted(transaction: Transaction, options: { providerId: string }): Promise<boolean> {
  const rows = await transaction
    .update(providers)
    .set({ deletedAt: now })
    .where(isLive(options.providerId))
    .returning({ id: providers.id });
  await transaction
    .update(modelConfigs)
    .set({ deletedAt: now, isDefault: false })
    .where(and(eq(modelConfigs.providerId, options.providerId), isNull(modelConfigs.deletedAt)));
  return rows.length > 0;
}

/** The preset of a type from the environment, also when its variable was gone at the last start. */
export async function findPresetProvider(
  executor: Executor,
  options: { provider: ProviderType },
): Promise<ProviderRow | undefined> {
  const [row] = await executor
    .select()
    .from(providers)
    .where(and(eq(providers.provider, options.provider), eq(providers.source, "environment")))
    .orderBy(sql`${providers.deletedAt} DESC NULLS FIRST`)
    .limit(1);
  return row;
}

/** Takes back `markProviderDeleted`: the provider and the models that were deleted with it, not those deleted before. */
export async function restoreProvider(transaction: Transaction, options: { providerId: string }): Promise<void> {
  await transaction.execute(sql`
    UPDATE chat_model_configs SET deleted_at = NULL FROM chat_providers
    WHERE chat_providers.id = ${options.providerId} AND chat_model_configs.provider_id = chat_providers.id
      AND chat_model_configs.deleted_at = chat_providers.deleted_at`);
  await transaction.update(providers).set({ deletedAt: null }).where(eq(providers.id, options.providerId));
}

/** `now()` is the start of the transaction: the same in all its statements. */
const now = sql`now()` as SQL<string>;

const isLive = (providerId: string): SQL | undefined => and(eq(providers.id, providerId), isNull(providers.deletedAt));

const wireColumns = {
  id: providers.id,
  provider: providers.provider,
  display_name: providers.displayName,
  base_url: providers.baseUrl,
  enabled: providers.enabled,
  has_api_key: sql<boolean>`${providers.apiKeyCiphertext} IS NOT NULL OR ${providers.source} = 'environment'`,
  api_key_hint: providers.apiKeyHint,
  settings: providers.settings,
  source: providers.source,
};
