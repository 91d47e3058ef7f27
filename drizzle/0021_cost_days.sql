CREATE TYPE "public"."limit_period" AS ENUM('day', 'week', 'month');--> statement-breakpoint
CREATE TABLE "cost_days" (
	"owner_id" uuid NOT NULL,
	"day" date NOT NULL,
	"root_chat_id" uuid NOT NULL,
	"model_config_id" uuid,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	"call_count" bigint DEFAULT 0 NOT NULL,
	"unpriced_call_count" bigint DEFAULT 0 NOT NULL,
	"message_count" bigint DEFAULT 0 NOT NULL,
	"unpriced_message_count" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_read_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_creation_tokens" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "cost_days_unique" UNIQUE NULLS NOT DISTINCT("owner_id","day","root_chat_id","model_config_id")
) WITH (fillfactor = 80);
--> statement-breakpoint
CREATE TABLE "usage_limit_overrides" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"spend_limit_micros" bigint,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_limits" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"spend_limit_micros" bigint,
	"period" "limit_period" DEFAULT 'month' NOT NULL,
	"fail_open" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "usage_limits_one_row" CHECK ("usage_limits"."id" = 1)
);
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "pull_request_created_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "pull_request_merged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "spend_limit_micros" bigint;--> statement-breakpoint
ALTER TABLE "model_calls" ADD COLUMN "cache_creation_hour_tokens" bigint;--> statement-breakpoint
ALTER TABLE "model_calls" ADD COLUMN "cache_write_hour_price_per_million" numeric;--> statement-breakpoint
ALTER TABLE "model_calls" ADD COLUMN "price_tier_above_tokens" bigint;--> statement-breakpoint
ALTER TABLE "chat_model_configs" ADD COLUMN "cache_write_hour_price_per_million" numeric;--> statement-breakpoint
ALTER TABLE "chat_model_configs" ADD COLUMN "price_tiers" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_limit_overrides" ADD CONSTRAINT "usage_limit_overrides_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cost_days_day" ON "cost_days" USING btree ("day");--> statement-breakpoint
CREATE INDEX "cost_days_root_chat_id" ON "cost_days" USING btree ("root_chat_id");--> statement-breakpoint
CREATE INDEX "model_calls_created_at" ON "model_calls" USING btree ("created_at");--> statement-breakpoint
-- The roll-up of what was recorded so far; from now on it is written with each call.
INSERT INTO "cost_days"
SELECT owner_id, (created_at AT TIME ZONE 'UTC')::date, root_chat_id, model_config_id,
	coalesce(sum(cost_micros), 0), count(*), count(*) FILTER (WHERE cost_micros IS NULL),
	count(*) FILTER (WHERE kind = 'step'), count(*) FILTER (WHERE kind = 'step' AND cost_micros IS NULL),
	coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0), coalesce(sum(cache_read_tokens), 0),
	coalesce(sum(cache_creation_tokens), 0)
FROM "model_calls"
GROUP BY 1, 2, 3, 4;
