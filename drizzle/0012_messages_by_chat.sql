CREATE TYPE "public"."queue_delivery" AS ENUM('queue', 'steer');
--> statement-breakpoint
-- One sequence for every chat, a key that partitions by chat, ids as the only order.
ALTER SEQUENCE "chat_messages_id_seq" OWNED BY NONE;
--> statement-breakpoint
ALTER SEQUENCE "chat_messages_id_seq" RENAME TO "chat_message_id_seq";
--> statement-breakpoint
ALTER TABLE "chat_messages" DROP CONSTRAINT "chat_messages_pkey";
--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_chat_id_id_pk" PRIMARY KEY("chat_id","id");
--> statement-breakpoint
DROP INDEX "chat_messages_chat_id";
--> statement-breakpoint
DROP INDEX "chat_messages_created_at";
--> statement-breakpoint
DROP INDEX "chat_messages_compaction_boundary";
--> statement-breakpoint
ALTER TABLE "chat_messages" ADD COLUMN "history_version" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat_messages" ADD COLUMN "reasoning_effort" "reasoning_effort";
--> statement-breakpoint
ALTER TABLE "chat_messages" ADD COLUMN "runtime_ms" bigint;
--> statement-breakpoint
ALTER TABLE "chat_messages" ADD COLUMN "deleted" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
UPDATE "chat_messages" SET "content" = '""' WHERE "content" IS NULL;
--> statement-breakpoint
ALTER TABLE "chat_messages" ALTER COLUMN "content" SET NOT NULL;
--> statement-breakpoint
CREATE INDEX "chat_messages_compaction_boundary" ON "chat_messages" USING btree ("chat_id","id" DESC NULLS FIRST) WHERE compressed AND visibility = 'model' AND NOT deleted;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" DROP CONSTRAINT "chat_queued_messages_pkey";
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD CONSTRAINT "chat_queued_messages_chat_id_id_pk" PRIMARY KEY("chat_id","id");
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ALTER COLUMN "id" DROP DEFAULT;
--> statement-breakpoint
DROP SEQUENCE "chat_queued_messages_id_seq";
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (sequence name "chat_queued_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1);
--> statement-breakpoint
SELECT setval('chat_queued_messages_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM "chat_queued_messages"), false);
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD COLUMN "content_version" smallint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ALTER COLUMN "content_version" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD COLUMN "delivery" "queue_delivery" DEFAULT 'queue' NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD COLUMN "position" bigint;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD COLUMN "model_config_id" uuid;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD COLUMN "reasoning_effort" "reasoning_effort";
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD COLUMN "created_by" uuid;
--> statement-breakpoint
-- Whoever queued it is not recorded; only the owner could.
UPDATE "chat_queued_messages" q SET "position" = q.id, "created_by" = c.owner_id FROM "chats" c WHERE c.id = q.chat_id;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ALTER COLUMN "position" SET NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ALTER COLUMN "created_by" SET NOT NULL;
