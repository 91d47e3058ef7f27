CREATE TYPE "public"."chat_status" AS ENUM('waiting', 'pending', 'running', 'paused', 'completed', 'error');
--> statement-breakpoint
CREATE TYPE "public"."chat_message_visibility" AS ENUM('user', 'model', 'both');
--> statement-breakpoint
CREATE TYPE "public"."user_role" AS ENUM('admin', 'member');
--> statement-breakpoint
CREATE TYPE "public"."token_scope" AS ENUM('read', 'chat', 'admin');
--> statement-breakpoint
CREATE TYPE "public"."agent_status" AS ENUM('connecting', 'connected', 'disconnected');
--> statement-breakpoint
CREATE TYPE "public"."build_status" AS ENUM('pending', 'starting', 'running', 'stopping', 'stopped', 'deleting', 'deleted', 'failed');
--> statement-breakpoint
CREATE TYPE "public"."build_transition" AS ENUM('start', 'stop', 'delete');
--> statement-breakpoint
CREATE TYPE "public"."workspace_driver" AS ENUM('local', 'docker', 'kubernetes');
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"username" text NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"role" "user_role" DEFAULT 'member' NOT NULL,
	"password_hash" text,
	"avatar_url" text,
	"suspended" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"user_agent" text DEFAULT '' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sessions_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"scopes" "token_scope"[],
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	CONSTRAINT "api_tokens_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"driver" "workspace_driver" DEFAULT 'local' NOT NULL,
	"config" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"template_id" uuid NOT NULL,
	"repository" text,
	"branch" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workspace_builds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workspace_id" uuid NOT NULL,
	"build_number" integer NOT NULL,
	"transition" "build_transition" NOT NULL,
	"status" "build_status" DEFAULT 'pending' NOT NULL,
	"error" text,
	"driver_state" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "workspace_agents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"build_id" uuid NOT NULL,
	"name" text DEFAULT 'main' NOT NULL,
	"status" "agent_status" DEFAULT 'connecting' NOT NULL,
	"connected_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_providers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"display_name" text NOT NULL,
	"base_url" text,
	"api_key_ciphertext" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_model_configs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider_id" uuid NOT NULL,
	"model" text NOT NULL,
	"display_name" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"context_limit" bigint NOT NULL,
	"compression_threshold" integer NOT NULL,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "chats" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"workspace_id" uuid,
	"workspace_agent_id" uuid,
	"parent_chat_id" uuid,
	"root_chat_id" uuid,
	"last_model_config_id" uuid NOT NULL,
	"title" text DEFAULT 'New Chat' NOT NULL,
	"status" "chat_status" DEFAULT 'waiting' NOT NULL,
	"worker_id" uuid,
	"started_at" timestamp with time zone,
	"heartbeat_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_messages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"chat_id" uuid NOT NULL,
	"model_config_id" uuid,
	"role" text NOT NULL,
	"visibility" "chat_message_visibility" DEFAULT 'both' NOT NULL,
	"content" jsonb,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"reasoning_tokens" bigint,
	"cache_creation_tokens" bigint,
	"cache_read_tokens" bigint,
	"compressed" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_queued_messages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"chat_id" uuid NOT NULL,
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_diff_statuses" (
	"chat_id" uuid PRIMARY KEY NOT NULL,
	"url" text,
	"pull_request_state" text,
	"base_branch" text,
	"git_branch" text DEFAULT '' NOT NULL,
	"git_remote_origin" text DEFAULT '' NOT NULL,
	"additions" integer DEFAULT 0 NOT NULL,
	"deletions" integer DEFAULT 0 NOT NULL,
	"changed_files" integer DEFAULT 0 NOT NULL,
	"changes_requested" boolean DEFAULT false NOT NULL,
	"refreshed_at" timestamp with time zone,
	"stale_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email"));
--> statement-breakpoint
CREATE UNIQUE INDEX "users_username_unique" ON "users" USING btree (lower("username"));
--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "sessions_user_id" ON "sessions" USING btree ("user_id");
--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "api_tokens_user_id" ON "api_tokens" USING btree ("user_id");
--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "workspaces_owner_id" ON "workspaces" USING btree ("owner_id","created_at" DESC NULLS FIRST);
--> statement-breakpoint
ALTER TABLE "workspace_builds" ADD CONSTRAINT "workspace_builds_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "workspace_builds_number" ON "workspace_builds" USING btree ("workspace_id","build_number");
--> statement-breakpoint
ALTER TABLE "workspace_agents" ADD CONSTRAINT "workspace_agents_build_id_workspace_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."workspace_builds"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "workspace_agents_build_id" ON "workspace_agents" USING btree ("build_id");
--> statement-breakpoint
ALTER TABLE "chat_model_configs" ADD CONSTRAINT "chat_model_configs_provider_id_chat_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."chat_providers"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "chat_model_configs_one_default" ON "chat_model_configs" USING btree ("is_default") WHERE is_default AND deleted_at IS NULL;
--> statement-breakpoint
CREATE INDEX "chat_model_configs_provider_id" ON "chat_model_configs" USING btree ("provider_id");
--> statement-breakpoint
ALTER TABLE "chat_diff_statuses" ADD CONSTRAINT "chat_diff_statuses_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "chat_diff_statuses_stale_at" ON "chat_diff_statuses" USING btree ("stale_at");
--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_last_model_config_id_chat_model_configs_id_fk" FOREIGN KEY ("last_model_config_id") REFERENCES "public"."chat_model_configs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_parent_chat_id_chats_id_fk" FOREIGN KEY ("parent_chat_id") REFERENCES "public"."chats"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_root_chat_id_chats_id_fk" FOREIGN KEY ("root_chat_id") REFERENCES "public"."chats"("id") ON DELETE set null ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD CONSTRAINT "chat_queued_messages_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "chat_providers_provider_unique" ON "chat_providers" USING btree ("provider");
--> statement-breakpoint
CREATE INDEX "chats_owner_id" ON "chats" USING btree ("owner_id");
--> statement-breakpoint
CREATE INDEX "chats_root_chat_id" ON "chats" USING btree ("root_chat_id");
--> statement-breakpoint
CREATE INDEX "chats_parent_chat_id" ON "chats" USING btree ("parent_chat_id");
--> statement-breakpoint
CREATE INDEX "chats_workspace_id" ON "chats" USING btree ("workspace_id");
--> statement-breakpoint
CREATE INDEX "chats_pending" ON "chats" USING btree ("status") WHERE status = 'pending';
--> statement-breakpoint
CREATE INDEX "chat_messages_chat_id" ON "chat_messages" USING btree ("chat_id");
--> statement-breakpoint
CREATE INDEX "chat_messages_compaction_boundary" ON "chat_messages" USING btree ("chat_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE compressed AND role = 'system' AND visibility IN ('model', 'both');
