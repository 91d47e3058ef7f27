CREATE TABLE "chat_file_links" (
	"file_id" uuid NOT NULL,
	"chat_id" uuid NOT NULL,
	CONSTRAINT "chat_file_links_file_id_chat_id_pk" PRIMARY KEY("file_id","chat_id")
);
--> statement-breakpoint
CREATE TABLE "chat_files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"size_bytes" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_search_documents" (
	"chat_id" uuid NOT NULL,
	"message_id" bigint NOT NULL,
	"words" "tsvector" NOT NULL,
	CONSTRAINT "chat_search_documents_chat_id_message_id_pk" PRIMARY KEY("chat_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "chat_search_marks" (
	"chat_id" uuid PRIMARY KEY NOT NULL,
	"history_version" bigint NOT NULL,
	"message_id" bigint NOT NULL,
	"title" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "chat_runs" ADD COLUMN "answer_due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "caller_tools" jsonb;--> statement-breakpoint
ALTER TABLE "chat_file_links" ADD CONSTRAINT "chat_file_links_file_id_chat_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."chat_files"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_file_links" ADD CONSTRAINT "chat_file_links_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_files" ADD CONSTRAINT "chat_files_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_search_documents" ADD CONSTRAINT "chat_search_documents_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_search_marks" ADD CONSTRAINT "chat_search_marks_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chat_file_links_chat_id" ON "chat_file_links" USING btree ("chat_id");--> statement-breakpoint
CREATE INDEX "chat_files_created_at" ON "chat_files" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "chat_search_documents_words" ON "chat_search_documents" USING gin ("words");--> statement-breakpoint
CREATE INDEX "chat_runs_answer_due_at" ON "chat_runs" USING btree ("answer_due_at") WHERE answer_due_at IS NOT NULL;