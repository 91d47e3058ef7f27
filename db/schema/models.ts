/** Model providers, model configurations and the record of every paid call. */
import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgEnum, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { type ModelOptions, PROVIDER_SOURCES, PROVIDER_TYPES, type ProviderSettings } from "@/lib/contract/models";
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
    cacheWritePricePerMillion: decimal(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    deletedAt: instant(),
  },
  (table) => [
    uniqueIndex("chat_model_configs_one_default").on(table.isDefault).where(sql`is_default AND deleted_at IS NULL`),
    index("chat_model_configs_provider_id").on(table.providerId),
  ],
);

export const MODEL_CALL_KINDS = ["step", "attempt", "title", "summary", "compaction"] as const;
export type ModelCallKind = (typeof MODEL_CALL_KINDS)[number];
export const modelCallKind = pgEnum("model_call_kind", MODEL_CALL_KINDS);

/** One row per paid call, with the price in force then. Append-only; outlives its message. */
export const modelCalls = pgTable(
  "model_calls",
  {
    id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
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
    cacheCreationTokens: bigint({ mode: "number" }),
    inputPricePerMillion: decimal(),
    outputPricePerMillion: decimal(),
    cacheReadPricePerMillion: decimal(),
    cacheWritePricePerMillion: decimal(),
    /** Null: unpriced. 0: free. */
    costMicros: bigint({ mode: "number" }),
    createdAt: createdAt(),
  },
  (table) => [
    index("model_calls_owner_id_created_at").on(table.ownerId, table.createdAt),
    index("model_calls_root_chat_id").on(table.rootChatId),
  ],
);
