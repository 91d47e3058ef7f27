ALTER TABLE "chat_diff_statuses" ADD COLUMN "head_branch" text;
