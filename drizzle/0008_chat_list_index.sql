CREATE INDEX "chats_owner_id_updated_at_id" ON "chats" USING btree ("owner_id","updated_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);
--> statement-breakpoint
DROP INDEX "chats_owner_id";
