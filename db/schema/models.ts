/** Model providers, model configurations and the record of every paid call. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { CALL_KINDS } from "@/lib/contract/costs";
import {
  type ModelOptions,
  PROVIDER_SOURCES,
  PROVIDER_TYPES,
  type PriceTier,
  type ProviderSettings,
} from "@/lib/contract/models";
import { createdAt, decimal, instant } from "./columns";

export const providerType = pgEnum("provider_type", PROVIDER_TYPES);
export const providerSource = pgEnum("provider_source", PROVIDER_SOURCES);

export const providers = pgTable(
  "chat_providers",
  {
    id: uuid().primaryKey(),
    provider: providerType().notNull(),
    displayName: text().notNull(),
    baseUrl: text(),
    /** AES-256-GCM, bound to this row. Null: no key, or a preset whose key stays in the environment. */
    apiKeyCiphertext: text(),
    /** The last four characters. */
    apiKeyHint: text(),
    /** What only some types have: which of two APIs, the region. */
    settings: jsonb().$type<ProviderSettings>().notNull().default({}),
    enabled: boolean().notNull().default(true),
    source: providerSource().notNull().default("database"),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    deletedAt: instant(),
  },
  (table) => [
    uniqueIndex("chat_providers_preset_unique")
      .on(table.provider)
      .where(sql`source = 'environment' AND deleted_at IS NULL`),
  ],
);

export const modelConfigs = pgTable(
  "chat_model_configs",
  {
    id: uuid().primaryKey(),
    providerId: uuid()
      .notNull()
      .references(() => providers.id),
    model: text().notNull(),
    displayName: text().notNull(),
    enabled: boolean().notNull().default(true),
    isDefault: boolean().notNull().default(false),
    contextLimit: bigint({ mode: "number" }).notNull(),
    compressionThreshold: integer().notNull(),
    options: jsonb().$type<ModelOptions>().notNull().default({}),
    inputPricePerMillion: decimal(),
    outputPricePerMillion: decimal(),
    cacheReadPricePerMillion: decimal(),
    /** With the provider's short life (five minutes at Anthropic), or the only one it has. */
    cacheWritePricePerMillion: decimal(),
    cacheWriteHourPricePerMillion: decimal(),
    /** Prices that hold instead from some prompt size on, smallest first. */
    priceTiers: jsonb().$type<PriceTier[]>().notNull().default([]),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    deletedAt: instant(),
  },
  (table) => [
    uniqueIndex("chat_model_configs_one_default").on(table.isDefault).where(sql`is_default AND deleted_at IS NULL`),
    index("chat_model_configs_provider_id").on(table.providerId),
  ],
);

export const modelCallKind = pgEnum("model_call_kind", CALL_KINDS);

/** One row per paid call, with the price in force then. Append-only; outlives its message. */
export const modelCalls = pgTable(
  "model_calls",
  {
    id: bigint({ mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    chatId: uuid().notNull(),
    rootChatId: uuid().notNull(),
    ownerId: uuid().notNull(),
    /** The assistant row of a `step`; null for every other kind. */
    messageId: bigint({ mode: "number" }),
    kind: modelCallKind().notNull(),
    modelConfigId: uuid(),
    provider: text().notNull(),
    model: text().notNull(),
    inputTokens: bigint({ mode: "number" }),
    outputTokens: bigint({ mode: "number" }),
    reasoningTokens: bigint({ mode: "number" }),
    cacheReadTokens: bigint({ mode: "number" }),
    /** Of every life, the hour's included. */
    cacheCreationTokens: bigint({ mode: "number" }),
    /** Of these, written to live for an hour; null when the provider did not say. */
    cacheCreationHourTokens: bigint({ mode: "number" }),
    inputPricePerMillion: decimal(),
    outputPricePerMillion: decimal(),
    cacheReadPricePerMillion: decimal(),
    cacheWritePricePerMillion: decimal(),
    cacheWriteHourPricePerMillion: decimal(),
    /** The tier whose prices these are: prompts above this many tokens. Null: the base prices. */
    priceTierAboveTokens: bigint({ mode: "number" }),
    /** Null: unpriced. 0: free. */
    costMicros: bigint({ mode: "number" }),
    createdAt: createdAt(),
  },
  (table) => [
    // Each index is paid for in the commit of every step: a tree's calls in their order, and a person's in time.
    primaryKey({ name: "model_calls_pkey", columns: [table.rootChatId, table.id] }),
    // With what a chart of days reads, so that it never leaves the index.
    index("model_calls_owner_id_created_at").on(table.ownerId, table.createdAt, table.modelConfigId, table.costMicros),
  ],
);
