ALTER TABLE "chat_messages" ADD COLUMN "total_cost_micros" bigint;
--> statement-breakpoint
-- Tokens times dollars per million tokens are micro-dollars: exact, rounded up once after summing. A kind of token
-- that was used and has no price leaves the message unpriced (null). Reasoning is inside output.
UPDATE "chat_messages" m
SET "total_cost_micros" = ceil(
	CASE WHEN coalesce(m.input_tokens, 0) = 0 THEN 0 ELSE m.input_tokens * p.input END
	+ CASE WHEN coalesce(m.output_tokens, 0) = 0 THEN 0 ELSE m.output_tokens * p.output END
	+ CASE WHEN coalesce(m.cache_read_tokens, 0) = 0 THEN 0 ELSE m.cache_read_tokens * p.cache_read END
	+ CASE WHEN coalesce(m.cache_creation_tokens, 0) = 0 THEN 0 ELSE m.cache_creation_tokens * p.cache_write END
)::bigint
FROM (
	SELECT id,
		(options->'cost'->>'input_price_per_million')::numeric AS input,
		(options->'cost'->>'output_price_per_million')::numeric AS output,
		(options->'cost'->>'cache_read_price_per_million')::numeric AS cache_read,
		(options->'cost'->>'cache_write_price_per_million')::numeric AS cache_write
	FROM "chat_model_configs"
) p
WHERE p.id = m.model_config_id
	AND coalesce(p.input, p.output, p.cache_read, p.cache_write) IS NOT NULL
	AND coalesce(m.input_tokens, m.output_tokens, m.cache_read_tokens, m.cache_creation_tokens) IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "chat_messages_created_at" ON "chat_messages" USING btree ("created_at");
