CREATE TYPE "public"."pause_reason" AS ENUM('question', 'plan', 'tool_results', 'spend_limit');
--> statement-breakpoint
CREATE TYPE "public"."run_request" AS ENUM('compact');
--> statement-breakpoint
CREATE TYPE "public"."title_source" AS ENUM('fallback', 'generated', 'user');
--> statement-breakpoint
CREATE TYPE "public"."tool_execution_status" AS ENUM('started', 'finished');
--> statement-breakpoint
ALTER TYPE "public"."chat_status" ADD VALUE 'interrupting' BEFORE 'paused';
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
CREATE TABLE "workspace_build_logs" (
	"build_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"stage" text NOT NULL,
	"line" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workspace_build_logs_build_id_seq_pk" PRIMARY KEY("build_id","seq")
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
ALTER TABLE "chat_runs" ADD CONSTRAINT "chat_runs_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "chat_runs_runnable_since" ON "chat_runs" USING btree ("runnable_since") WHERE runnable_since IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "chat_runs_worker_id" ON "chat_runs" USING btree ("worker_id") WHERE worker_id IS NOT NULL;
--> statement-breakpoint
ALTER TABLE "chat_part_checkpoints" ADD CONSTRAINT "chat_part_checkpoints_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "tool_executions" ADD CONSTRAINT "tool_executions_chat_id_chats_id_fk" FOREIGN KEY ("chat_id") REFERENCES "public"."chats"("id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "workspace_build_logs" ADD CONSTRAINT "workspace_build_logs_build_id_workspace_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."workspace_builds"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "egress_refusals" ADD CONSTRAINT "egress_refusals_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "egress_refusals_workspace_id" ON "egress_refusals" USING btree ("workspace_id","id");
--> statement-breakpoint
-- Half of each page stays free, so that a step's update needs no index entry and no other page.
ALTER TABLE "chat_runs" SET (fillfactor = 50);
--> statement-breakpoint
ALTER TABLE "chats" SET (fillfactor = 80);
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "template_id" uuid;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "repository" text;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "branch" text;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "spawned_by_tool_call_id" text;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "last_reasoning_effort" "reasoning_effort";
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "title_source" "title_source" DEFAULT 'generated' NOT NULL;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "pause_reason" "pause_reason";
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "plan_mode" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "pin_order" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "last_turn_summary" text;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "labels" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "system_prompt" text;
--> statement-breakpoint
ALTER TABLE "chats" ADD COLUMN "last_read_message_id" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "chats" ALTER COLUMN "title_source" SET DEFAULT 'fallback';
--> statement-breakpoint
ALTER TABLE "chats" ALTER COLUMN "title" DROP DEFAULT;
--> statement-breakpoint
DROP INDEX "chats_pending";
--> statement-breakpoint
ALTER TABLE "chats" ALTER COLUMN "status" DROP DEFAULT;
--> statement-breakpoint
ALTER TABLE "chats" ALTER COLUMN "last_model_config_id" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "chats" ALTER COLUMN "last_error" SET DATA TYPE jsonb USING CASE WHEN "last_error" IS NOT NULL THEN jsonb_build_object(
	'kind', 'generic', 'message', "last_error", 'provider', null, 'status_code', null, 'retryable', false, 'detail', null) END;
--> statement-breakpoint
-- What was there before is read.
UPDATE "chats" c SET "last_read_message_id" = m.newest
FROM (SELECT chat_id, max(id) AS newest FROM "chat_messages" GROUP BY chat_id) m WHERE m.chat_id = c.id;
--> statement-breakpoint
-- Their worker belonged to the earlier release and is gone: any worker may take them.
UPDATE "chats" SET "status" = 'pending' WHERE status = 'running';
--> statement-breakpoint
-- An archived chat has no work.
UPDATE "chats" SET "status" = 'waiting' WHERE status = 'pending' AND archived;
--> statement-breakpoint
-- Pausing had no reason then and nothing resumes it now: it is the person's turn.
UPDATE "chats" SET "status" = 'waiting' WHERE status = 'paused';
--> statement-breakpoint
-- An idle chat with a queue is illegal: the head of its queue is sent.
WITH head AS (
	DELETE FROM "chat_queued_messages" q USING (
		SELECT DISTINCT ON (w.chat_id) w.chat_id, w.id FROM "chat_queued_messages" w
		JOIN "chats" c ON c.id = w.chat_id AND c.status IN ('waiting', 'completed') AND NOT c.archived
		ORDER BY w.chat_id, w.position, w.id
	) first WHERE q.chat_id = first.chat_id AND q.id = first.id
	RETURNING q.chat_id, q.content, q.content_version, q.created_by
), sent AS (
	INSERT INTO "chat_messages" ("chat_id", "role", "content", "content_version", "created_by", "model_config_id")
	SELECT h.chat_id, 'user', h.content, h.content_version, h.created_by, c.last_model_config_id
	FROM head h JOIN "chats" c ON c.id = h.chat_id
)
UPDATE "chats" c SET "status" = 'pending' FROM head WHERE c.id = head.chat_id;
--> statement-breakpoint
-- An archived one keeps its queue, which only an error may do.
UPDATE "chats" c SET "status" = 'error', "last_error" = jsonb_build_object(
	'kind', 'generic', 'message', 'The chat was archived with messages in its queue.', 'provider', null, 'status_code', null,
	'retryable', false, 'detail', null)
WHERE c.status IN ('waiting', 'completed') AND EXISTS (SELECT 1 FROM "chat_queued_messages" q WHERE q.chat_id = c.id);
--> statement-breakpoint
INSERT INTO "chat_runs" ("chat_id", "snapshot_version", "history_version", "queue_version", "runnable_since")
SELECT id, 1, 1, 1, CASE WHEN status = 'pending' THEN updated_at END FROM "chats";
--> statement-breakpoint
ALTER TABLE "chats" DROP COLUMN "worker_id";
--> statement-breakpoint
ALTER TABLE "chats" DROP COLUMN "started_at";
--> statement-breakpoint
ALTER TABLE "chats" DROP COLUMN "heartbeat_at";
--> statement-breakpoint
ALTER TABLE "chats" ADD CONSTRAINT "chats_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "chats_owner_id_pinned" ON "chats" USING btree ("owner_id","pin_order") WHERE pin_order > 0;
--> statement-breakpoint
CREATE UNIQUE INDEX "chats_spawned_by" ON "chats" USING btree ("parent_chat_id","spawned_by_tool_call_id") WHERE spawned_by_tool_call_id IS NOT NULL;
