ALTER TABLE "chat_diff_statuses" ADD COLUMN "pr_number" integer;
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "commits" integer;
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "approved" boolean;
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "reviewer_count" integer;
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "author_login" text;
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "author_avatar_url" text;
