DROP INDEX "cost_days_day";--> statement-breakpoint
DROP INDEX "model_calls_root_chat_id";--> statement-breakpoint
DROP INDEX "model_calls_created_at";--> statement-breakpoint
ALTER TABLE "model_calls" DROP CONSTRAINT "model_calls_pkey";--> statement-breakpoint
ALTER TABLE "model_calls" ADD CONSTRAINT "model_calls_pkey" PRIMARY KEY("root_chat_id","id");
