CREATE TABLE "user_settings" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"prompt" text DEFAULT '' NOT NULL,
	"compaction_thresholds" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"notifications" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "chat_messages" ADD COLUMN "replayed_message_ids" bigint[];--> statement-breakpoint
ALTER TABLE "chat_runs" ADD COLUMN "turn_steps" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chat_runs" ADD COLUMN "turn_runtime_ms" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "chat_runs" ADD COLUMN "compaction_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "user_settings" ADD CONSTRAINT "user_settings_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;