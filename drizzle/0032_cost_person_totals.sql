-- Empty: the daemon closes all days anew, one after the other, and until then their rows in cost_days are read.
CREATE TABLE "cost_person_totals" (
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
	CONSTRAINT "cost_person_totals_pkey" PRIMARY KEY("day","owner_id")
);
--> statement-breakpoint
DROP TABLE "cost_person_days" CASCADE;