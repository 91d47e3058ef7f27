ALTER TABLE "chats" ADD COLUMN "last_error" text;
