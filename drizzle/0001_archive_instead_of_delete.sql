ALTER TABLE "chats" ADD COLUMN "archived" boolean DEFAULT false NOT NULL;
