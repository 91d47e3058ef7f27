CREATE TABLE "cost_person_days" (
	"day" date NOT NULL,
	"owner_id" uuid NOT NULL,
	"cost_micros" bigint DEFAULT 0 NOT NULL,
	"call_count" bigint DEFAULT 0 NOT NULL,
	"unpriced_call_count" bigint DEFAULT 0 NOT NULL,
	"message_count" bigint DEFAULT 0 NOT NULL,
	"unpriced_message_count" bigint DEFAULT 0 NOT NULL,
	"input_tokens" bigint DEFAULT 0 NOT NULL,
	"output_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_read_tokens" bigint DEFAULT 0 NOT NULL,
	"cache_creation_tokens" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "cost_person_days_pkey" PRIMARY KEY("day","owner_id")
) WITH (fillfactor = 80);
--> statement-breakpoint
DROP INDEX "model_calls_owner_id_created_at";--> statement-breakpoint
CREATE INDEX "model_calls_owner_id_created_at" ON "model_calls" USING btree ("owner_id","created_at","model_config_id","cost_micros");--> statement-breakpoint
-- What was spent so far; from now on it is written with each call.
INSERT INTO "cost_person_days"
SELECT day, owner_id, sum(cost_micros), sum(call_count), sum(unpriced_call_count), sum(message_count),
	sum(unpriced_message_count), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_creation_tokens)
FROM "cost_days"
GROUP BY 1, 2;
