CREATE TYPE "public"."agent_type" AS ENUM('general', 'explore', 'computer_use');--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ALTER COLUMN "created_by" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "chat_runs" ADD COLUMN "last_step_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "chat_runs" ADD COLUMN "activity" text;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "agent_type" "agent_type";--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "deadline_seconds" integer;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "deadline_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tool_executions" ADD COLUMN "duration_ms" integer;