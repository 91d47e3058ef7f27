ALTER TABLE "chat_diff_statuses" ADD COLUMN "pull_request_title" text DEFAULT '' NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "pull_request_draft" boolean DEFAULT false NOT NULL;
