ALTER TABLE "chat_messages" ADD COLUMN "created_by" uuid;
