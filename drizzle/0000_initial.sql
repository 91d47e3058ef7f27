CREATE TYPE "public"."chat_status" AS ENUM('waiting', 'pending', 'running', 'interrupting', 'paused', 'completed', 'error');--> statement-breakpoint
CREATE TYPE "public"."chat_message_role" AS ENUM('system', 'user', 'assistant', 'tool');--> statement-breakpoint
CREATE TYPE "public"."chat_message_visibility" AS ENUM('user', 'model', 'both');--> statement-breakpoint
CREATE TYPE "public"."pause_reason" AS ENUM('question', 'plan', 'tool_results', 'spend_limit');--> statement-breakpoint
CREATE TYPE "public"."queue_delivery" AS ENUM('queue', 'steer');--> statement-breakpoint
CREATE TYPE "public"."reasoning_effort" AS ENUM('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max');--> statement-breakpoint
CREATE TYPE "public"."run_request" AS ENUM('compact');--> statement-breakpoint
CREATE TYPE "public"."title_source" AS ENUM('fallback', 'generated', 'user');--> statement-breakpoint
CREATE TYPE "public"."tool_execution_status" AS ENUM('started', 'finished');--> statement-breakpoint
CREATE TYPE "public"."model_call_kind" AS ENUM('step', 'attempt', 'title', 'summary', 'compaction');--> statement-breakpoint
CREATE TYPE "public"."provider_source" AS ENUM('database', 'environment');--> statement-breakpoint
CREATE TYPE "public"."provider_type" AS ENUM('anthropic', 'openai', 'google', 'openai-compat', 'openrouter', 'azure', 'bedrock');--> statement-breakpoint
CREATE TYPE "public"."token_scope" AS ENUM('read', 'chat', 'admin');--> statement-breakpoint
CREATE TYPE "public"."user_role" AS ENUM('admin', 'member');--> statement-breakpoint
CREATE TYPE "public"."agent_status" AS ENUM('connecting', 'connected', 'disconnected');--> statement-breakpoint
CREATE TYPE "public"."build_status" AS ENUM('pending', 'starting', 'running', 'stopping', 'stopped', 'deleting', 'deleted', 'failed');--> statement-breakpoint
CREATE TYPE "public"."build_transition" AS ENUM('start', 'stop', 'delete');--> statement-breakpoint
CREATE TYPE "public"."workspace_driver" AS ENUM('local', 'docker', 'kubernetes');--> statement-breakpoint
CREATE SEQUENCE "public"."chat_message_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "chat_diff_statuses" (
	"chat_id" uuid PRIMARY KEY NOT NULL,
	"url" text,
	"pull_request_state" text,
	"pull_request_title" text DEFAULT '' NOT NULL,
	"pull_request_draft" boolean DEFAULT false NOT NULL,
	"pr_number" integer,
	"head_branch" text,
	"base_branch" text,
	"git_branch" text DEFAULT '' NOT NULL,
	"git_remote_origin" text DEFAULT '' NOT NULL,
	"additions" integer DEFAULT 0 NOT NULL,
	"deletions" integer DEFAULT 0 NOT NULL,
	"changed_files" integer DEFAULT 0 NOT NULL,
	"commits" integer,
	"approved" boolean,
	"changes_requested" boolean DEFAULT false NOT NULL,
	"reviewer_count" integer,
	"author_login" text,
	"author_avatar_url" text,
	"refreshed_at" timestamp with time zone,
	"stale_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_messages" (
	"chat_id" uuid NOT NULL,
	"id" bigint DEFAULT nextval('chat_message_id_seq') NOT NULL,
	"history_version" bigint DEFAULT 0 NOT NULL,
	"role" "chat_message_role" NOT NULL,
	"visibility" "chat_message_visibility" DEFAULT 'both' NOT NULL,
	"content" jsonb NOT NULL,
	"content_version" smallint NOT NULL,
	"created_by" uuid,
	"model_config_id" uuid,
	"reasoning_effort" "reasoning_effort",
	"input_tokens" bigint,
	"output_tokens" bigint,
	"reasoning_tokens" bigint,
	"cache_read_tokens" bigint,
	"cache_creation_tokens" bigint,
	"total_cost_micros" bigint,
	"runtime_ms" bigint,
	"compressed" boolean DEFAULT false NOT NULL,
	"deleted" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "chat_messages_chat_id_id_pk" PRIMARY KEY("chat_id","id")
);
--> statement-breakpoint
CREATE TABLE "chat_part_checkpoints" (
	"chat_id" uuid NOT NULL,
	"history_version" bigint NOT NULL,
	"attempt" integer NOT NULL,
	"first_seq" integer NOT NULL,
	"frames" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "chat_part_checkpoints_chat_id_history_version_attempt_first_seq_pk" PRIMARY KEY("chat_id","history_version","attempt","first_seq")
);
--> statement-breakpoint
CREATE TABLE "chat_runs" (
	"chat_id" uuid PRIMARY KEY NOT NULL,
	"snapshot_version" bigint DEFAULT 0 NOT NULL,
	"history_version" bigint DEFAULT 0 NOT NULL,
	"queue_version" bigint DEFAULT 0 NOT NULL,
	"reset_version" bigint DEFAULT 0 NOT NULL,
	"generation_attempt" integer DEFAULT 0 NOT NULL,
	"runnable_since" timestamp with time zone,
	"worker_id" uuid,
	"runner_id" uuid,
	"crash_count" integer DEFAULT 0 NOT NULL,
	"retry_count" integer DEFAULT 0 NOT NULL,
	"retry_state" jsonb,
	"request" "run_request"
);
--> statement-breakpoint
CREATE TABLE "chats" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"workspace_id" uuid,
	"template_id" uuid,
	"repository" text,
	"branch" text,
	"parent_chat_id" uuid,
	"root_chat_id" uuid,
	"spawned_by_tool_call_id" text,
	"last_model_config_id" uuid,
	"last_reasoning_effort" "reasoning_effort",
	"title" text NOT NULL,
	"title_source" "title_source" DEFAULT 'fallback' NOT NULL,
	"status" "chat_status" NOT NULL,
	"pause_reason" "pause_reason",
	"plan_mode" boolean DEFAULT false NOT NULL,
	"archived" boolean DEFAULT false NOT NULL,
	"pin_order" integer DEFAULT 0 NOT NULL,
	"last_error" jsonb,
	"last_turn_summary" text,
	"labels" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"system_prompt" text,
	"last_read_message_id" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_queued_messages" (
	"chat_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "chat_queued_messages_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"content" jsonb NOT NULL,
	"content_version" smallint NOT NULL,
	"delivery" "queue_delivery" DEFAULT 'queue' NOT NULL,
	"position" bigint NOT NULL,
	"model_config_id" uuid,
	"reasoning_effort" "reasoning_effort",
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "chat_queued_messages_chat_id_id_pk" PRIMARY KEY("chat_id","id")
);
--> statement-breakpoint
CREATE TABLE "tool_executions" (
	"chat_id" uuid NOT NULL,
	"tool_call_id" text NOT NULL,
	"status" "tool_execution_status" DEFAULT 'started' NOT NULL,
	"result" jsonb,
	"is_error" boolean,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "tool_executions_chat_id_tool_call_id_pk" PRIMARY KEY("chat_id","tool_call_id")
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"install_id" uuid NOT NULL,
	"boot_id" uuid NOT NULL,
	"version" text NOT NULL,
	"lock_key" bigint NOT NULL,
	"heartbeat_at" timestamp with time zone DEFAULT now() NOT NULL,
	"draining" boolean DEFAULT false NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "model_calls" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "model_calls_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"chat_id" uuid NOT NULL,
	"root_chat_id" uuid NOT NULL,
	"owner_id" uuid NOT NULL,
	"message_id" bigint,
	"kind" "model_call_kind" NOT NULL,
	"model_config_id" uuid,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"input_tokens" bigint,
	"output_tokens" bigint,
	"reasoning_tokens" bigint,
	"cache_read_tokens" bigint,
	"cache_creation_tokens" bigint,
	"input_price_per_million" numeric,
	"output_price_per_million" numeric,
	"cache_read_price_per_million" numeric,
	"cache_write_price_per_million" numeric,
	"cost_micros" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
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
	"input_price_per_million" numeric,
	"output_price_per_million" numeric,
	"cache_read_price_per_million" numeric,
	"cache_write_price_per_million" numeric,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "chat_providers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider" "provider_type" NOT NULL,
	"display_name" text NOT NULL,
	"base_url" text,
	"api_key_ciphertext" text,
	"api_key_hint" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"source" "provider_source" DEFAULT 'database' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
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
CREATE TABLE "idempotency_keys" (
	"user_id" uuid NOT NULL,
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"response" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
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
CREATE TABLE "settings" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
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
CREATE TABLE "egress_refusals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "egress_refusals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"workspace_id" uuid NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
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
CREATE TABLE "workspace_agents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"build_id" uuid NOT NULL,
	"name" text DEFAULT 'main' NOT NULL,
	"status" "agent_status" DEFAULT 'connecting' NOT NULL,
	"connected_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspace_build_logs" (
	"build_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"line" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workspace_build_logs_build_id_seq_pk" PRIMARY KEY("build_id","seq")
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
ALTER TABLE "chat_diff_statuses" ADD CONSTRAINT "chat_diff_statuses_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_part_checkpoints" ADD CONSTRAINT "chat_part_checkpoints_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_runs" ADD CONSTRAINT "chat_runs_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_last_model_config_id_chat_model_configs_id_fk" FOREIGN KEY ("last_model_config_id") REFERENCES "public"."chat_model_configs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_parent_chat_id_chats_id_fk" FOREIGN KEY ("parent_chat_id") REFERENCES "public"."chats"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_root_chat_id_chats_id_fk" FOREIGN KEY ("root_chat_id") REFERENCES "public"."chats"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_queued_messages" ADD CONSTRAINT "chat_queued_messages_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tool_executions" ADD CONSTRAINT "tool_executions_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_model_configs" ADD CONSTRAINT "chat_model_configs_provider_id_chat_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."chat_providers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "egress_refusals" ADD CONSTRAINT "egress_refusals_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspace_agents" ADD CONSTRAINT "workspace_agents_build_id_workspace_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."workspace_builds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspace_build_logs" ADD CONSTRAINT "workspace_build_logs_build_id_workspace_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."workspace_builds"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspace_builds" ADD CONSTRAINT "workspace_builds_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "workspaces" ADD CONSTRAINT "workspaces_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chat_diff_statuses_stale_at" ON "chat_diff_statuses" USING btree ("stale_at");--> statement-breakpoint
CREATE INDEX "chat_messages_compaction_boundary" ON "chat_messages" USING btree ("chat_id","id" DESC NULLS FIRST) WHERE compressed AND visibility = 'model' AND NOT deleted;--> statement-breakpoint
CREATE INDEX "chat_runs_runnable_since" ON "chat_runs" USING btree ("runnable_since") WHERE runnable_since IS NOT NULL;--> statement-breakpoint
CREATE INDEX "chat_runs_worker_id" ON "chat_runs" USING btree ("worker_id") WHERE worker_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "chats_owner_id_updated_at_id" ON "chats" USING btree ("owner_id","updated_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "chats_owner_id_pinned" ON "chats" USING btree ("owner_id","pin_order") WHERE pin_order > 0;--> statement-breakpoint
CREATE INDEX "chats_root_chat_id" ON "chats" USING btree ("root_chat_id");--> statement-breakpoint
CREATE INDEX "chats_parent_chat_id" ON "chats" USING btree ("parent_chat_id");--> statement-breakpoint
CREATE INDEX "chats_workspace_id" ON "chats" USING btree ("workspace_id");--> statement-breakpoint
CREATE UNIQUE INDEX "chats_spawned_by" ON "chats" USING btree ("parent_chat_id","spawned_by_tool_call_id") WHERE spawned_by_tool_call_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX "model_calls_owner_id_created_at" ON "model_calls" USING btree ("owner_id","created_at");--> statement-breakpoint
CREATE INDEX "model_calls_root_chat_id" ON "model_calls" USING btree ("root_chat_id");--> statement-breakpoint
CREATE UNIQUE INDEX "chat_model_configs_one_default" ON "chat_model_configs" USING btree ("is_default") WHERE is_default AND deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "chat_model_configs_provider_id" ON "chat_model_configs" USING btree ("provider_id");--> statement-breakpoint
CREATE UNIQUE INDEX "chat_providers_preset_unique" ON "chat_providers" USING btree ("provider") WHERE source = 'environment' AND deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "api_tokens_user_id" ON "api_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "idempotency_keys_unique" ON "idempotency_keys" USING btree ("user_id","route","key");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "sessions_user_id" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX "users_username_unique" ON "users" USING btree (lower("username"));--> statement-breakpoint
CREATE INDEX "egress_refusals_workspace_id" ON "egress_refusals" USING btree ("workspace_id","id");--> statement-breakpoint
CREATE INDEX "workspace_agents_build_id" ON "workspace_agents" USING btree ("build_id");--> statement-breakpoint
CREATE UNIQUE INDEX "workspace_builds_number" ON "workspace_builds" USING btree ("workspace_id","build_number");--> statement-breakpoint
CREATE INDEX "workspaces_owner_id" ON "workspaces" USING btree ("owner_id","created_at" DESC NULLS FIRST);