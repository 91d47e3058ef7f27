-- A prompt needs a message that is not a system message, also right after compaction.
UPDATE "chat_messages" SET "role" = 'user', "visibility" = 'model' WHERE compressed AND role = 'system';
--> statement-breakpoint
DROP INDEX "chat_messages_compaction_boundary";
--> statement-breakpoint
CREATE INDEX "chat_messages_compaction_boundary" ON "chat_messages" USING btree ("chat_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE compressed AND visibility = 'model';
