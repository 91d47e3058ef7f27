/** Model configurations. Exactly one of the live ones is the default; `electDefaultModel` keeps it so after every write. */
import { and, asc, desc, eq, inArray, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { Executor, SqlExecutor, Transaction } from "@/db/client";
import { modelConfigs, providers } from "@/db/schema";
import type { ModelConfig, ModelOptions, PriceTier, Pricing } from "@/lib/contract/models";
import type { ProviderRow } from "./providers";

/** What calling a provider needs of it. */
export type ServingProvider = Pick<
  ProviderRow,
  "id" | "provider" | "displayName" | "baseUrl" | "apiKeyCiphertext" | "settings" | "enabled" | "source"
>;

/** A configuration with the provider that serves it. */
export type ServedModel = { config: ModelConfig; provider: ServingProvider };

export type ModelConfigColumns = {
  model: string;
  displayName: string;
  enabled: boolean;
  contextLimit: number;
  compressionThreshold: number;
  options: ModelOptions;
} & PriceColumns;

type PriceColumns = {
  inputPricePerMillion: string | null;
  outputPricePerMillion: string | null;
  cacheReadPricePerMillion: string | null;
  cacheWritePricePerMillion: string | null;
  cacheWriteHourPricePerMillion: string | null;
  priceTiers: PriceTier[];
};

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** Serialises every write that can move the default, until the transaction ends. Take it before reading. */
export async function lockModelConfigs(transaction: Transaction): Promise<void> {
  await transaction.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('chat_model_configs', 0))`);
}

/**
 * Makes the best live configuration the default: one that is enabled at an enabled provider before all others, the
 * present default among those, then the oldest. Nothing happens when none is live.
 * @param options.exceptId is not elected unless it is the only one.
 */
export async function electDefaultModel(transaction: Transaction, options: { exceptId?: string } = {}): Promise<void> {
  const [best] = await transaction
    .select({ id: modelConfigs.id, isDefault: modelConfigs.isDefault })
    .from(modelConfigs)
    .innerJoin(providers, eq(providers.id, modelConfigs.providerId))
    .where(isNull(modelConfigs.deletedAt))
    .orderBy(
      ...(options.exceptId ? [asc(eq(modelConfigs.id, options.exceptId))] : []),
      desc(isUsable),
      desc(modelConfigs.isDefault),
      desc(modelConfigs.enabled),
      asc(modelConfigs.createdAt),
      modelConfigs.id,
    )
    .limit(1);
  if (best && !best.isDefault) await updateDefaultModel(transaction, { modelConfigId: best.id });
}

/** Moves the default to this configuration. Two statements, since the unique index allows one at any time. */
export async function updateDefaultModel(transaction: Transaction, options: { modelConfigId: string }): Promise<void> {
  await transaction
    .update(modelConfigs)
    .set({ isDefault: false })
    .where(and(modelConfigs.isDefault, ne(modelConfigs.id, options.modelConfigId)));
  await transaction.update(modelConfigs).set({ isDefault: true }).where(eq(modelConfigs.id, options.modelConfigId));
}

/** Every configuration that is not deleted, oldest first. */
export async function listModelConfigs(executor: Executor): Promise<ModelConfig[]> {
  const rows = await executor
    .select()
    .from(modelConfigs)
    .where(isNull(modelConfigs.deletedAt))
    .orderBy(asc(modelConfigs.createdAt), modelConfigs.id);
  return rows.map(toModelConfig);
}

/** The enabled configurations with their providers, the default first. */
export async function listServedModels(executor: Executor): Promise<ServedModel[]> {
  const rows = await executor
    .select({ config: modelConfigs, provider: providers })
    .from(modelConfigs)
    .innerJoin(providers, eq(providers.id, modelConfigs.providerId))
    .where(and(isNull(modelConfigs.deletedAt), modelConfigs.enabled))
    .orderBy(desc(modelConfigs.isDefault), providers.displayName, modelConfigs.displayName, modelConfigs.id);
  return rows.map(({ config, provider }) => ({ config: toModelConfig(config), provider }));
}

/** A configuration; undefined when it does not exist or was deleted. */
export async function findModelConfig(
  executor: Executor,
  options: { modelConfigId: string },
): Promise<ModelConfig | undefined> {
  const [row] = await executor.select().from(modelConfigs).where(isLive(options.modelConfigId));
  return row && toModelConfig(row);
}

/**
 * The configuration, or that of the chat, if it is enabled and not deleted; or else the default. Undefined when no model
 * is configured. One statement, by hand since every turn asks; the table is a handful of rows. Sent when it is called.
 */
export async function findServedModel(
  executor: SqlExecutor,
  wanted: { modelConfigId: string | null } | { chatId: string },
): Promise<ServedModel | undefined> {
  const id =
    "chatId" in wanted
      ? executor`(SELECT last_model_config_id FROM chats WHERE id = ${wanted.chatId})`
      : executor`${wanted.modelConfigId}::uuid`;
  const [row] = await executor<ServedModelRow[]>`
    SELECT m.id, m.provider_id, m.model, m.display_name, m.enabled, m.is_default, m.context_limit,
      m.compression_threshold, m.options, m.input_price_per_million, m.output_price_per_million,
      m.cache_read_price_per_million, m.cache_write_price_per_million, m.cache_write_hour_price_per_million,
      m.price_tiers, p.provider, p.display_name AS "providerName", p.base_url AS "baseUrl",
      p.api_key_ciphertext AS "apiKeyCiphertext", p.settings, p.enabled AS "isProviderEnabled", p.source
    FROM chat_model_configs m JOIN chat_providers p ON p.id = m.provider_id
    WHERE m.deleted_at IS NULL AND (m.is_default OR m.enabled AND m.id = ${id})
    ORDER BY (m.enabled AND m.id = ${id}) DESC NULLS LAST LIMIT 1`.execute();
  return row && toServedModel(row);
}

type ServedModelRow = Omit<ModelConfig, "pricing"> &
  Omit<Pricing, "tiers"> & { price_tiers: PriceTier[]; providerName: string; isProviderEnabled: boolean } & Pick<
    ServingProvider,
    "provider" | "baseUrl" | "apiKeyCiphertext" | "settings" | "source"
  >;

function toServedModel(row: ServedModelRow): ServedModel {
  const { provider, providerName, baseUrl, apiKeyCiphertext, settings, isProviderEnabled, source, ...config } = row;
  const {
    input_price_per_million,
    output_price_per_million,
    cache_read_price_per_million,
    cache_write_price_per_million,
    cache_write_hour_price_per_million,
    price_tiers: tiers,
    ...rest
  } = config;
  return {
    config: {
      ...rest,
      pricing: {
        input_price_per_million,
        output_price_per_million,
        cache_read_price_per_million,
        cache_write_price_per_million,
        cache_write_hour_price_per_million,
        tiers,
      },
    },
    provider: {
      id: config.provider_id,
      provider,
      displayName: providerName,
      baseUrl,
      apiKeyCiphertext,
      settings,
      enabled: isProviderEnabled,
      source,
    },
  };
}

/** The models this provider ever had, deleted ones included. */
export async function listModelNames(executor: Executor, options: { providerId: string }): Promise<string[]> {
  const rows = await executor
    .select({ model: modelConfigs.model })
    .from(modelConfigs)
    .where(eq(modelConfigs.providerId, options.providerId));
  return rows.map((row) => row.model);
}

/** Those of the ids that are known, deleted configurations included. */
export async function listKnownModelConfigIds(executor: Executor, options: { ids: string[] }): Promise<string[]> {
  if (options.ids.length === 0) return [];
  const rows = await executor
    .select({ id: modelConfigs.id })
    .from(modelConfigs)
    .where(inArray(modelConfigs.id, options.ids));
  return rows.map((row) => row.id);
}

/** Adds a configuration, not as the default. */
export async function insertModelConfig(
  transaction: Transaction,
  values: Omit<ModelConfigColumns, keyof PriceColumns> & Optional<PriceColumns> & { id: string; providerId: string },
): Promise<void> {
  await transaction.insert(modelConfigs).values({ ...values, createdAt: sql`clock_timestamp()` as SQL<string> });
}

/** Changes what is given, never the default. */
export async function updateModelConfig(
  transaction: Transaction,
  options: { modelConfigId: string; changes: Optional<ModelConfigColumns> },
): Promise<void> {
  await transaction
    .update(modelConfigs)
    .set({ ...options.changes, updatedAt: sql`now()` as SQL<string> })
    .where(isLive(options.modelConfigId));
}

/** Marks a configuration as deleted; history keeps its id. False: nothing to delete. */
export async function markModelConfigDeleted(
  transaction: Transaction,
  options: { modelConfigId: string },
): Promise<boolean> {
  const rows = await transaction
    .update(modelConfigs)
    .set({ deletedAt: sql`now()` as SQL<string>, isDefault: false })
    .where(isLive(options.modelConfigId))
    .returning({ id: modelConfigs.id });
  return rows.length > 0;
}

/** How many configurations are not deleted. */
export const countModelConfigs = (executor: Executor): Promise<number> =>
  executor.$count(modelConfigs, isNull(modelConfigs.deletedAt));

const isUsable = sql<boolean>`${modelConfigs.enabled} AND ${providers.enabled} AND ${providers.deletedAt} IS NULL`;

const isLive = (modelConfigId: string): SQL | undefined =>
  and(eq(modelConfigs.id, modelConfigId), isNull(modelConfigs.deletedAt));

function toModelConfig(row: typeof modelConfigs.$inferSelect): ModelConfig {
  return {
    id: row.id,
    provider_id: row.providerId,
    model: row.model,
    display_name: row.displayName,
    enabled: row.enabled,
    is_default: row.isDefault,
    context_limit: row.contextLimit,
    compression_threshold: row.compressionThreshold,
    options: row.options,
    pricing: toPricing(row),
  };
}

/** Prices as columns; what is absent stays absent. */
export const toPriceColumns = (pricing: { [K in keyof Pricing]?: Pricing[K] | undefined }): Optional<PriceColumns> => ({
  inputPricePerMillion: pricing.input_price_per_million,
  outputPricePerMillion: pricing.output_price_per_million,
  cacheReadPricePerMillion: pricing.cache_read_price_per_million,
  cacheWritePricePerMillion: pricing.cache_write_price_per_million,
  cacheWriteHourPricePerMillion: pricing.cache_write_hour_price_per_million,
  priceTiers: pricing.tiers,
});

const toPricing = (row: typeof modelConfigs.$inferSelect): Pricing => ({
  input_price_per_million: row.inputPricePerMillion,
  output_price_per_million: row.outputPricePerMillion,
  cache_read_price_per_million: row.cacheReadPricePerMillion,
  cache_write_price_per_million: row.cacheWritePricePerMillion,
  cache_write_hour_price_per_million: row.cacheWriteHourPricePerMillion,
  tiers: row.priceTiers,
});
