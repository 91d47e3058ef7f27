/** Chats, their run state, messages and queue. Written by `lib/chats/transition` alone. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgSequence,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { AGENT_TYPES, CHAT_STATUSES, PAUSE_REASONS } from "@/lib/contract/chat-status";
import type { ChatError, PullRequestChecks, Reviewer } from "@/lib/contract/chats";
import type { RetryState } from "@/lib/contract/events";
import { REASONING_EFFORTS } from "@/lib/contract/message-choices";
import { MESSAGE_ROLES, MESSAGE_VISIBILITIES, QUEUE_DELIVERIES } from "@/lib/contract/messages";
import type { CallerTool } from "@/lib/contract/tools";
import { createdAt, instant } from "./columns";
import { modelConfigs } from "./models";
import { users } from "./people";
import { templates, workspaces } from "./workspaces";

export const chatStatus = pgEnum("chat_status", CHAT_STATUSES);
export const agentType = pgEnum("agent_type", AGENT_TYPES);
export const pauseReason = pgEnum("pause_reason", PAUSE_REASONS);
export const messageRole = pgEnum("chat_message_role", MESSAGE_ROLES);
export const messageVisibility = pgEnum("chat_message_visibility", MESSAGE_VISIBILITIES);
export const queueDelivery = pgEnum("queue_delivery", QUEUE_DELIVERIES);
export const reasoningEffort = pgEnum("reasoning_effort", REASONING_EFFORTS);
export const TITLE_SOURCES = ["fallback", "generated", "user"] as const;
export const titleSource = pgEnum("title_source", TITLE_SOURCES);

export const chats = pgTable(
  "chats",
  {
    id: uuid().primaryKey(),
    ownerId: uuid()
      .notNull()
      .references(() => users.id),
    workspaceId: uuid().references(() => workspaces.id, { onDelete: "set null" }),
    /** What a workspace made for this chat starts from. */
    templateId: uuid().references(() => templates.id),
    repository: text(),
    branch: text(),
    parentChatId: uuid(),
    /** Null on a root. */
    rootChatId: uuid(),
    /** The call that made this child; unique per parent, so that a retried call makes no second one. */
    spawnedByToolCallId: text(),
    /** What a subagent is made for; null on a root. */
    agentType: agentType(),
    /** How long a subagent may work from when it was last given a task; null on a root. */
    deadlineSeconds: integer(),
    /** Past it a busy subagent counts as stuck. Moves when an idle one is given more to do. */
    deadlineAt: instant(),
    lastModelConfigId: uuid().references(() => modelConfigs.id),
    lastReasoningEffort: reasoningEffort(),
    title: text().notNull(),
    titleSource: titleSource().notNull().default("fallback"),
    status: chatStatus().notNull(),
    pauseReason: pauseReason(),
    planMode: boolean().notNull().default(false),
    /** Tools that the caller brought and answers itself. */
    callerTools: jsonb().$type<CallerTool[]>(),
    archived: boolean().notNull().default(false),
    /** 0: not pinned. From 1: position among the pinned. */
    pinOrder: integer().notNull().default(0),
    lastError: jsonb().$type<ChatError>(),
    lastTurnSummary: text(),
    labels: jsonb().$type<Record<string, string>>().notNull().default({}),
    systemPrompt: text(),
    /** What the whole tree may cost; read on the root. Null: only the person's limit holds. */
    spendLimitMicros: bigint({ mode: "number" }),
    /** Unread: an assistant row above this id exists. */
    lastReadMessageId: bigint({ mode: "number" }).notNull().default(0),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (table) => [
    foreignKey({ columns: [table.parentChatId], foreignColumns: [table.id] }).onDelete("set null"),
    foreignKey({ columns: [table.rootChatId], foreignColumns: [table.id] }).onDelete("set null"),
    index("chats_owner_id_updated_at_id").on(
      table.ownerId,
      table.updatedAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index("chats_owner_id_pinned").on(table.ownerId, table.pinOrder).where(sql`pin_order > 0`),
    index("chats_spend_limited").on(table.updatedAt).where(sql`pause_reason = 'spend_limit'`),
    index("chats_root_chat_id").on(table.rootChatId),
    index("chats_parent_chat_id").on(table.parentChatId),
    index("chats_workspace_id").on(table.workspaceId),
    uniqueIndex("chats_spawned_by")
      .on(table.parentChatId, table.spawnedByToolCallId)
      .where(sql`spawned_by_tool_call_id IS NOT NULL`),
  ],
);

/** What a chat was asked to do besides an ordinary turn. */
export const RUN_REQUESTS = ["compact"] as const;
export const runRequest = pgEnum("run_request", RUN_REQUESTS);

/**
 * Versions, ownership and retry state: one narrow row per chat, so that a step rewrites this row and not `chats`.
 * Made with fillfactor 50 in the migration: every update but claim and release stays HOT.
 */
export const chatRuns = pgTable(
  "chat_runs",
  {
    chatId: uuid()
      .primaryKey()
      .references(() => chats.id, { onDelete: "cascade" }),
    /** +1 in every transition. */
    snapshotVersion: bigint({ mode: "number" }).notNull().default(0),
    /** The snapshot version of the last change of messages. */
    historyVersion: bigint({ mode: "number" }).notNull().default(0),
    queueVersion: bigint({ mode: "number" }).notNull().default(0),
    /** The snapshot version at which history was last removed. */
    resetVersion: bigint({ mode: "number" }).notNull().default(0),
    /** Starts of work at this history version. 0: the same runner goes on after its own commit. */
    generationAttempt: integer().notNull().default(0),
    /** Set exactly while the chat is pending. */
    runnableSince: instant(),
    workerId: uuid(),
    /** New at every acquisition; fences every commit. */
    runnerId: uuid(),
    /** Acquisitions since the last committed step; three without one quarantine the chat. */
    crashCount: integer().notNull().default(0),
    /** Failed attempts since the last committed step. */
    retryCount: integer().notNull().default(0),
    retryState: jsonb().$type<RetryState>(),
    request: runRequest(),
    /** Of a chat paused for `tool_results`: when the caller is given up. */
    answerDueAt: instant(),
    /** Of this turn, that is since the last message of a person: model steps, and milliseconds of work. */
    turnSteps: integer().notNull().default(0),
    turnRuntimeMs: bigint({ mode: "number" }).notNull().default(0),
    /** Compactions in a row after which the very next step was over the threshold again. */
    compactionCount: integer().notNull().default(0),
    /** When a runner last committed an answer or results. */
    lastStepAt: instant(),
    /** What the last answer asked for, in a few words; null once its results are in. */
    activity: text(),
  },
  (table) => [
    index("chat_runs_answer_due_at").on(table.answerDueAt).where(sql`answer_due_at IS NOT NULL`),
    index("chat_runs_runnable_since").on(table.runnableSince).where(sql`runnable_since IS NOT NULL`),
    index("chat_runs_worker_id").on(table.workerId).where(sql`worker_id IS NOT NULL`),
  ],
);

/** One sequence for every chat; taken under the chat's row lock, so that ids of one chat commit in order. */
export const chatMessageIdSeq = pgSequence("chat_message_id_seq");

export const chatMessages = pgTable(
  "chat_messages",
  {
    chatId: uuid()
      .notNull()
      .references(() => chats.id, { onDelete: "cascade" }),
    /** The only ordering key. */
    id: bigint({ mode: "number" }).notNull().default(sql`nextval('chat_message_id_seq')`),
    /** `chat_runs.history_version` of the transition that inserted the row. */
    historyVersion: bigint({ mode: "number" }).notNull().default(0),
    role: messageRole().notNull(),
    visibility: messageVisibility().notNull().default("both"),
    /** Version 0: a bare string or role-dependent JSON. Version 1: stored parts for every role. */
    content: jsonb().notNull(),
    contentVersion: smallint().notNull(),
    /** Only on messages a person sent. */
    createdBy: uuid(),
    modelConfigId: uuid(),
    reasoningEffort: reasoningEffort(),
    inputTokens: bigint({ mode: "number" }),
    outputTokens: bigint({ mode: "number" }),
    reasoningTokens: bigint({ mode: "number" }),
    cacheReadTokens: bigint({ mode: "number" }),
    cacheCreationTokens: bigint({ mode: "number" }),
    /** Null: unpriced. 0: free. */
    totalCostMicros: bigint({ mode: "number" }),
    runtimeMs: bigint({ mode: "number" }),
    compressed: boolean().notNull().default(false),
    /** Of a summary: the unanswered messages that the model reads again after it. */
    replayedMessageIds: bigint({ mode: "number" }).array(),
    /** Soft delete by edit or rewind; cost still counts. */
    deleted: boolean().notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.chatId, table.id] }),
    index("chat_messages_compaction_boundary")
      .on(table.chatId, table.id.desc().nullsFirst())
      .where(sql`compressed AND visibility = 'model' AND NOT deleted`),
    // Hardly ever any, and every prompt looks for them.
    index("chat_messages_system").on(table.chatId, table.id).where(sql`role = 'system'`),
  ],
);

export const queuedMessages = pgTable(
  "chat_queued_messages",
  {
    chatId: uuid()
      .notNull()
      .references(() => chats.id, { onDelete: "cascade" }),
    id: bigint({ mode: "number" }).generatedAlwaysAsIdentity().notNull(),
    content: jsonb().notNull(),
    contentVersion: smallint().notNull(),
    delivery: queueDelivery().notNull().default("queue"),
    /** Order within the chat, then id. The head moves to `min - 1`. */
    position: bigint({ mode: "number" }).notNull(),
    modelConfigId: uuid(),
    reasoningEffort: reasoningEffort(),
    /** Null: an agent sent it to its subagent. */
    createdBy: uuid(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.chatId, table.id] })],
);

/**
 * The tail of live parts that `kill -9` must not lose: appended frames, deleted with the step's commit.
 * Written with `synchronous_commit = off`; logged, because crash recovery empties unlogged tables.
 */
export const chatPartCheckpoints = pgTable(
  "chat_part_checkpoints",
  {
    chatId: uuid()
      .notNull()
      .references(() => chats.id, { onDelete: "cascade" }),
    historyVersion: bigint({ mode: "number" }).notNull(),
    attempt: integer().notNull(),
    /** The sequence number of the first frame in `frames`; the others follow. */
    firstSeq: integer().notNull(),
    /** `message_part` frames: `[role, part]` pairs in order. */
    frames: jsonb().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.chatId, table.historyVersion, table.attempt, table.firstSeq] })],
);

export const TOOL_EXECUTION_STATUSES = ["started", "finished"] as const;
export const toolExecutionStatus = pgEnum("tool_execution_status", TOOL_EXECUTION_STATUSES);

/** Server-side tools with effects: intent before, result after, so that no crash runs one twice. */
export const toolExecutions = pgTable(
  "tool_executions",
  {
    chatId: uuid()
      .notNull()
      .references(() => chats.id, { onDelete: "cascade" }),
    toolCallId: text().notNull(),
    status: toolExecutionStatus().notNull().default("started"),
    result: jsonb(),
    isError: boolean(),
    durationMs: integer(),
    createdAt: createdAt(),
    finishedAt: instant(),
  },
  (table) => [primaryKey({ columns: [table.chatId, table.toolCallId] })],
);

/** Branch and pull request of a chat, as last seen. One row per chat. */
export const chatDiffStatuses = pgTable(
  "chat_diff_statuses",
  {
    chatId: uuid()
      .primaryKey()
      .references(() => chats.id, { onDelete: "cascade" }),
    url: text(),
    pullRequestState: text(),
    pullRequestTitle: text().notNull().default(""),
    pullRequestDraft: boolean().notNull().default(false),
    prNumber: integer(),
    headBranch: text(),
    baseBranch: text(),
    gitBranch: text().notNull().default(""),
    gitRemoteOrigin: text().notNull().default(""),
    additions: integer().notNull().default(0),
    deletions: integer().notNull().default(0),
    changedFiles: integer().notNull().default(0),
    commits: integer(),
    approved: boolean(),
    changesRequested: boolean().notNull().default(false),
    reviewerCount: integer(),
    /** The first of them; null until they were seen. */
    reviewers: jsonb().$type<Reviewer[]>(),
    authorLogin: text(),
    authorAvatarUrl: text(),
    /** By the git host's clock; null until it was asked. */
    pullRequestCreatedAt: instant(),
    pullRequestMergedAt: instant(),
    /** `owner/name` of the remote in lower case, whatever its spelling, for hints; empty when it names no repository. */
    repositoryKey: text().notNull().default(""),
    /** The tip of the pull request: checks belong to it. */
    headSha: text(),
    /** Runs on that tip, folded; null: none are known. */
    checks: jsonb().$type<PullRequestChecks>(),
    /** Why the last look failed, for a person; null after a good one. */
    syncError: text(),
    /** The last push that the broker saw, or a link by hand: a pull request may follow soon. */
    pushedAt: instant(),
    refreshedAt: instant(),
    /** When the worker looks next. */
    staleAt: instant().notNull().defaultNow(),
    /** The lease of the worker that looks; in no index, so that a claim changes none. Null: nobody does. */
    leasedUntil: instant(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (table) => [
    index("chat_diff_statuses_stale_at").on(table.staleAt),
    index("chat_diff_statuses_repository_key")
      .on(table.repositoryKey, table.gitBranch)
      .where(sql`repository_key <> ''`),
  ],
);
