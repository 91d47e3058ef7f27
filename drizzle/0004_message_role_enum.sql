CREATE TYPE "public"."chat_message_role" AS ENUM('system', 'user', 'assistant', 'tool');
--> statement-breakpoint
-- Its predicate compares the column with text.
DROP INDEX "chat_messages_compaction_boundary";
--> statement-breakpoint
ALTER TABLE "chat_messages" ALTER COLUMN "role" SET DATA TYPE "chat_message_role" USING "role"::"chat_message_role";
--> statement-breakpoint
CREATE INDEX "chat_messages_compaction_boundary" ON "chat_messages" USING btree ("chat_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE compressed AND role = 'system' AND visibility IN ('model', 'both');
--> statement-breakpoint
-- Every row so far is version 0; from now on each insert says its own.
ALTER TABLE "chat_messages" ADD COLUMN "content_version" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat_messages" ALTER COLUMN "content_version" DROP DEFAULT;
