/** Providers and model configurations as they go over the wire. Loaded by browser and server. */
import { z } from "zod";

export const PROVIDER_TYPES = [
  "anthropic",
  "openai",
  "google",
  "openai-compat",
  "openrouter",
  "azure",
  "bedrock",
] as const;
export type ProviderType = (typeof PROVIDER_TYPES)[number];

/** Provider types this version can call. */
export const SUPPORTED_PROVIDER_TYPES = [
  "anthropic",
  "openai",
  "google",
  "openrouter",
  "azure",
  "bedrock",
  "openai-compat",
] as const satisfies readonly ProviderType[];
export type SupportedProviderType = (typeof SUPPORTED_PROVIDER_TYPES)[number];

export const PROVIDER_SOURCES = ["database", "environment"] as const;

export const providerSettingsSchema = z.strictObject({
  /** OpenAI and Azure: `chat` is for gateways without the Responses API. Absent: `responses`. */
  api: z.enum(["responses", "chat"]).optional(),
  /** Bedrock: the AWS region that is called and signed for. */
  region: z
    .string()
    .trim()
    .regex(/^[a-z]{2,6}(-[a-z]+)+-\d{1,2}$/, "A region looks like eu-central-1.")
    .optional(),
});
/** What only some provider types have. */
export type ProviderSettings = z.infer<typeof providerSettingsSchema>;

export const providerSchema = z.object({
  id: z.string(),
  provider: z.enum(PROVIDER_TYPES),
  display_name: z.string(),
  base_url: z.string().nullable(),
  enabled: z.boolean(),
  has_api_key: z.boolean(),
  /** The last four characters of the key, to recognise it. */
  api_key_hint: z.string().nullable(),
  settings: providerSettingsSchema,
  /** `environment`: key and address are preset by variables and cannot be changed here, nor can it be deleted. */
  source: z.enum(PROVIDER_SOURCES),
});
export type Provider = z.infer<typeof providerSchema>;

const baseUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .transform((url) => url.replace(/\/+$/, ""));
const apiKeySchema = z.string().trim().min(1).max(4096);

export const createProviderSchema = z.strictObject({
  provider: z.enum(SUPPORTED_PROVIDER_TYPES),
  display_name: z.string().trim().min(1).max(100).optional(),
  base_url: baseUrlSchema.nullish(),
  api_key: apiKeySchema.nullish(),
  settings: providerSettingsSchema.optional(),
  enabled: z.boolean().default(true),
});
export const patchProviderSchema = z.strictObject({
  display_name: z.string().trim().min(1).max(100).optional(),
  base_url: baseUrlSchema.nullable().optional(),
  api_key: apiKeySchema.nullable().optional(),
  /** Replaces them as a whole. */
  settings: providerSettingsSchema.optional(),
  enabled: z.boolean().optional(),
});

/** Absent model: the provider's first. */
export const testProviderSchema = z.strictObject({ model: z.string().trim().min(1).max(200).optional() });
export const providerTestSchema = z.object({
  ok: z.boolean(),
  /** From the request to the end of a short answer. */
  latency_ms: z.number().int().optional(),
  /** In the provider's own words where it had some. */
  error: z.string().optional(),
  status_code: z.number().int().nullable().optional(),
});
/** What `POST /chats/providers/{id}/test` found. */
export type ProviderTest = z.infer<typeof providerTestSchema>;

/** An exact decimal, USD per million tokens: at most 12 digits before and 12 after the point. */
export const priceSchema = z
  .string()
  .regex(
    /^\d{1,12}(\.\d{1,12})?$/,
    "A price is a decimal number such as 3 or 0.30, in dollars per million tokens, of at most 12 digits before and after the point.",
  );

const prices = {
  input_price_per_million: priceSchema.nullable().default(null),
  output_price_per_million: priceSchema.nullable().default(null),
  cache_read_price_per_million: priceSchema.nullable().default(null),
  /** Of what a provider keeps for a short time, five minutes at Anthropic. */
  cache_write_price_per_million: priceSchema.nullable().default(null),
  /** Of what it keeps for an hour, where that has its own price. */
  cache_write_hour_price_per_million: priceSchema.nullable().default(null),
};

/** Prices that hold, for the whole call, when its prompt has more than this many tokens, cached ones included. */
export const priceTierSchema = z.strictObject({ above_tokens: z.number().int().min(1).max(100_000_000), ...prices });
export type PriceTier = z.infer<typeof priceTierSchema>;

const tiersSchema = z
  .array(priceTierSchema)
  .max(8)
  .refine((tiers) => tiers.every((tier, i) => i === 0 || tier.above_tokens > (tiers[i - 1]?.above_tokens ?? 0)), {
    error: "Tiers are in the order of above_tokens, each higher than the one before.",
  });

export const pricingSchema = z.strictObject({ ...prices, tiers: tiersSchema.default([]) });
/** Decimal strings, USD per million tokens. Null: unpriced. "0": free. */
export type Pricing = z.infer<typeof pricingSchema>;
/** One price for each kind of token. */
export type Prices = Omit<Pricing, "tiers">;

export const modelOptionsSchema = z.strictObject({
  /** Tokens; 32,000 when unset. */
  max_output_tokens: z.number().int().min(1).max(1_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).optional(),
});
export type ModelOptions = z.infer<typeof modelOptionsSchema>;

export const modelConfigSchema = z.object({
  id: z.string(),
  provider_id: z.string(),
  model: z.string(),
  display_name: z.string(),
  enabled: z.boolean(),
  is_default: z.boolean(),
  /** Tokens. */
  context_limit: z.number().int(),
  /** Percent of the context limit at which the chat is compacted; 100 turns compaction off. */
  compression_threshold: z.number().int(),
  options: modelOptionsSchema,
  pricing: pricingSchema,
});
export type ModelConfig = z.infer<typeof modelConfigSchema>;

const modelConfigFields = {
  model: z.string().trim().min(1).max(200),
  display_name: z.string().trim().min(1).max(100),
  enabled: z.boolean(),
  is_default: z.boolean(),
  context_limit: z.number().int().min(1_000).max(100_000_000),
  compression_threshold: z.number().int().min(1).max(100),
  options: modelOptionsSchema,
  pricing: pricingSchema,
};

export const createModelConfigSchema = z.strictObject({
  provider_id: z.uuid(),
  model: modelConfigFields.model,
  display_name: modelConfigFields.display_name.optional(),
  enabled: modelConfigFields.enabled.default(true),
  is_default: modelConfigFields.is_default.optional(),
  context_limit: modelConfigFields.context_limit.default(200_000),
  compression_threshold: modelConfigFields.compression_threshold.optional(),
  options: modelConfigFields.options.default({}),
  pricing: modelConfigFields.pricing.optional(),
});
/** What is absent stays as it is, each price by itself as well. */
export const patchModelConfigSchema = z
  .strictObject({
    ...modelConfigFields,
    pricing: z
      .strictObject({
        input_price_per_million: priceSchema.nullable(),
        output_price_per_million: priceSchema.nullable(),
        cache_read_price_per_million: priceSchema.nullable(),
        cache_write_price_per_million: priceSchema.nullable(),
        cache_write_hour_price_per_million: priceSchema.nullable(),
        tiers: tiersSchema,
      })
      .partial(),
  })
  .partial();

export const availableModelSchema = z.object({
  id: z.string(),
  provider_id: z.string(),
  provider: z.enum(PROVIDER_TYPES),
  provider_name: z.string(),
  model: z.string(),
  display_name: z.string(),
  context_limit: z.number().int(),
  is_default: z.boolean(),
  available: z.boolean(),
  unavailable_reason: z.string().nullable(),
  /** Its input or output has no price: what it costs is unknown and counts against no limit. */
  unpriced: z.boolean(),
  options: modelOptionsSchema,
});
/** What `GET /chats/models` lists. */
export type AvailableModel = z.infer<typeof availableModelSchema>;

export const knownModelSchema = z.object({
  model: z.string(),
  display_name: z.string(),
  /** Tokens. */
  context_limit: z.number().int(),
  pricing: pricingSchema,
});
/** What `GET /chats/providers/{id}/known-models` lists: a model of the maintained price list, to prefill a form. */
export type KnownModel = z.infer<typeof knownModelSchema>;
