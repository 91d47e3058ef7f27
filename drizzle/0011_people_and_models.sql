CREATE TYPE "public"."provider_source" AS ENUM('database', 'environment');
--> statement-breakpoint
CREATE TYPE "public"."provider_type" AS ENUM('anthropic', 'openai', 'google', 'openai-compat', 'openrouter', 'azure', 'bedrock');
--> statement-breakpoint
CREATE TYPE "public"."reasoning_effort" AS ENUM('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max');
--> statement-breakpoint
CREATE TYPE "public"."model_call_kind" AS ENUM('step', 'attempt', 'title', 'summary', 'compaction');
--> statement-breakpoint
DROP INDEX "chat_providers_provider_unique";
--> statement-breakpoint
ALTER TABLE "chat_providers" ALTER COLUMN "provider" SET DATA TYPE "provider_type" USING "provider"::"provider_type";
--> statement-breakpoint
ALTER TABLE "chat_providers" ADD COLUMN "api_key_hint" text;
--> statement-breakpoint
ALTER TABLE "chat_providers" ADD COLUMN "source" "provider_source" DEFAULT 'database' NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat_providers" ADD COLUMN "deleted_at" timestamp with time zone;
--> statement-breakpoint
CREATE UNIQUE INDEX "chat_providers_preset_unique" ON "chat_providers" USING btree ("provider") WHERE source = 'environment' AND deleted_at IS NULL;
--> statement-breakpoint
ALTER TABLE "chat_model_configs" ADD COLUMN "input_price_per_million" numeric;
--> statement-breakpoint
ALTER TABLE "chat_model_configs" ADD COLUMN "output_price_per_million" numeric;
--> statement-breakpoint
ALTER TABLE "chat_model_configs" ADD COLUMN "cache_read_price_per_million" numeric;
--> statement-breakpoint
ALTER TABLE "chat_model_configs" ADD COLUMN "cache_write_price_per_million" numeric;
--> statement-breakpoint
-- Prices become columns.
UPDATE "chat_model_configs" SET
	"input_price_per_million" = (options->'cost'->>'input_price_per_million')::numeric,
	"output_price_per_million" = (options->'cost'->>'output_price_per_million')::numeric,
	"cache_read_price_per_million" = (options->'cost'->>'cache_read_price_per_million')::numeric,
	"cache_write_price_per_million" = (options->'cost'->>'cache_write_price_per_million')::numeric,
	"options" = options - 'cost'
WHERE options ? 'cost';
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"user_id" uuid NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"response" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "idempotency_keys_unique" ON "idempotency_keys" USING btree ("user_id","route","key");
--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at" ON "idempotency_keys" USING btree ("created_at");
--> statement-breakpoint
CREATE TABLE "model_calls" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "model_calls_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"chat_id" uuid NOT NULL,
	"root_chat_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"message_id" bigint,
	"kind" "model_call_kind" NOT NULL,
	"model_config_id" uuid,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"reasoning_tokens" bigint,
	"cache_read_tokens" bigint,
	"cache_creation_tokens" bigint,
	"input_price_per_million" numeric,
	"output_price_per_million" numeric,
	"cache_read_price_per_million" numeric,
	"cache_write_price_per_million" numeric,
	"cost_micros" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "model_calls_owner_id_created_at" ON "model_calls" USING btree ("owner_id","created_at");
--> statement-breakpoint
CREATE INDEX "model_calls_root_chat_id" ON "model_calls" USING btree ("root_chat_id");
--> statement-breakpoint
-- Every paid call is a record: the calls of earlier messages, with the prices that their cost was computed from.
INSERT INTO "model_calls" ("chat_id", "root_chat_id", "owner_id", "message_id", "kind", "model_config_id", "provider", "model",
	"input_tokens", "output_tokens", "reasoning_tokens", "cache_read_tokens", "cache_creation_tokens",
	"input_price_per_million", "output_price_per_million", "cache_read_price_per_million", "cache_write_price_per_million",
	"cost_micros", "created_at")
SELECT m.chat_id, coalesce(c.root_chat_id, c.id), c.owner_id, m.id, 'step', m.model_config_id,
	coalesce(p.provider::text, 'unknown'), coalesce(mc.model, 'unknown'),
	m.input_tokens, m.output_tokens, m.reasoning_tokens, m.cache_read_tokens, m.cache_creation_tokens,
	mc.input_price_per_million, mc.output_price_per_million, mc.cache_read_price_per_million,
	mc.cache_write_price_per_million, m.total_cost_micros, m.created_at
FROM "chat_messages" m
JOIN "chats" c ON c.id = m.chat_id
LEFT JOIN "chat_model_configs" mc ON mc.id = m.model_config_id
LEFT JOIN "chat_providers" p ON p.id = mc.provider_id
WHERE m.role = 'assistant'
	AND coalesce(m.input_tokens, m.output_tokens, m.cache_read_tokens, m.cache_creation_tokens) IS NOT NULL
ORDER BY m.id;
