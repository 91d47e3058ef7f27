/** Model configurations. Exactly one of the live ones is the default; `electDefaultModel` keeps it so after every write. */
import { and, asc, desc, eq, inArray, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { Database, Executor, Transaction } from "@/db/client";
import { buildOnce } from "@/db/prepared";
import { modelConfigs, providers } from "@/db/schema";
import type { ModelConfig, ModelOptions, PriceTier, Pricing } from "@/lib/contract/models";
import type { ProviderRow } from "./providers";

/** A configuration with the provider that serves it. */
export type ServedModel = { config: ModelConfig; provider: ProviderRow };

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
 * The configuration, if it is enabled and not deleted, or else the default; undefined when no model is configured.
 * One statement; the table is a handful of rows.
 */
export async function findServedModel(
  db: Database,
  { modelConfigId }: { modelConfigId: string | null },
): Promise<ServedModel | undefined> {
  const [row] = await servedModelStatement(db).execute({ modelConfigId });
  return row && { config: toModelConfig(row.config), provider: row.provider };
}

/** Every run asks, and drizzle takes longer to build the text than the server to answer: built once for each pool. */
const servedModelStatement = buildOnce((db: Database) => {
  const isWanted = and(eq(modelConfigs.id, sql.placeholder("modelConfigId")), modelConfigs.enabled);
  return db
    .select({ config: modelConfigs, provider: providers })
    .from(modelConfigs)
    .innerJoin(providers, eq(providers.id, modelConfigs.providerId))
    .where(and(isNull(modelConfigs.deletedAt), or(isWanted, modelConfigs.isDefault)))
    .orderBy(sql`${isWanted} DESC NULLS LAST`)
    .limit(1)
    .prepare("served_model");
});

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
