CREATE TYPE "public"."external_auth_kind" AS ENUM('oauth', 'token');--> statement-breakpoint
CREATE TABLE "chat_feedback" (
	"chat_id" uuid PRIMARY KEY NOT NULL,
	"enabled" boolean,
	"rounds" integer DEFAULT 0 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_feedback_items" (
	"chat_id" uuid NOT NULL,
	"key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "chat_feedback_items_chat_id_key_pk" PRIMARY KEY("chat_id","key")
);
--> statement-breakpoint
CREATE TABLE "chat_rewinds" (
	"chat_id" uuid PRIMARY KEY NOT NULL,
	"message_id" bigint NOT NULL,
	"deleted_message_ids" jsonb NOT NULL,
	"history_version" bigint NOT NULL,
	"workspace_id" uuid,
	"commit_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_snapshots" (
	"chat_id" uuid NOT NULL,
	"message_id" bigint NOT NULL,
	"workspace_id" uuid NOT NULL,
	"commit_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "chat_snapshots_chat_id_message_id_pk" PRIMARY KEY("chat_id","message_id")
);
--> statement-breakpoint
CREATE TABLE "external_auth_attempts" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"provider_id" text NOT NULL,
	"verifier_ciphertext" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "external_auth_links" (
	"user_id" uuid NOT NULL,
	"provider_id" text NOT NULL,
	"kind" "external_auth_kind" NOT NULL,
	"token_ciphertext" text NOT NULL,
	"refresh_ciphertext" text,
	"expires_at" timestamp with time zone,
	"scopes" text[] DEFAULT '{}' NOT NULL,
	"account_login" text NOT NULL,
	"account_name" text DEFAULT '' NOT NULL,
	"account_email" text DEFAULT '' NOT NULL,
	"account_avatar_url" text,
	"failure" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "external_auth_links_user_id_provider_id_pk" PRIMARY KEY("user_id","provider_id")
);
--> statement-breakpoint
CREATE TABLE "git_rate_limits" (
	"scope" text PRIMARY KEY NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "git_webhook_deliveries" (
	"provider_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"event" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "git_webhook_deliveries_provider_id_delivery_id_pk" PRIMARY KEY("provider_id","delivery_id")
);
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "repository_key" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "head_sha" text;--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "checks" jsonb;--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "sync_error" text;--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD COLUMN "pushed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "chat_feedback" ADD CONSTRAINT "chat_feedback_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_feedback_items" ADD CONSTRAINT "chat_feedback_items_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_rewinds" ADD CONSTRAINT "chat_rewinds_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_rewinds" ADD CONSTRAINT "chat_rewinds_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_snapshots" ADD CONSTRAINT "chat_snapshots_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_snapshots" ADD CONSTRAINT "chat_snapshots_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "external_auth_attempts" ADD CONSTRAINT "external_auth_attempts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "external_auth_links" ADD CONSTRAINT "external_auth_links_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chat_snapshots_workspace_id" ON "chat_snapshots" USING btree ("workspace_id");--> statement-breakpoint
CREATE INDEX "external_auth_attempts_created_at" ON "external_auth_attempts" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "git_webhook_deliveries_created_at" ON "git_webhook_deliveries" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "chat_diff_statuses_repository_key" ON "chat_diff_statuses" USING btree ("repository_key","git_branch") WHERE repository_key <> '';