/** Chats as they go over the wire. Loaded by browser and server. */
import { z } from "zod";
import { AGENT_TYPES, CHAT_STATUSES, PAUSE_REASONS, PULL_REQUEST_STATES } from "./chat-status";
import { limitMicros } from "./costs";
import { REASONING_EFFORTS } from "./message-choices";
import { inputContentSchema } from "./messages";
import { callerToolsSchema } from "./tools";

export type { AgentType, ChatStatus, PauseReason } from "./chat-status";

/** What a subagent does now: its last answer's calls in a few words, and when it last committed a step. */
export const progressSchema = z.object({ doing: z.string().nullable(), last_step_at: z.string().nullable() });
export type Progress = z.infer<typeof progressSchema>;

/** Why a model call failed; decides retry and the callout's title. */
export const FAILURE_KINDS = [
  "overloaded",
  "rate_limit",
  "timeout",
  "stream_silence",
  "auth",
  "usage_limit",
  "config",
  "missing_key",
  "provider_disabled",
  "content_filter",
  "context_overflow",
  "turn_limit",
  "loop",
  "quarantined",
  "workspace",
  "generic",
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export const chatErrorSchema = z.object({
  kind: z.enum(FAILURE_KINDS),
  message: z.string(),
  provider: z.string().nullable(),
  status_code: z.number().int().nullable(),
  retryable: z.boolean(),
  /** The provider's own words, at most 500 characters. */
  detail: z.string().nullable(),
});
export type ChatError = z.infer<typeof chatErrorSchema>;

/** Checks of a pull request's tip, folded to counts. */
export const pullRequestChecksSchema = z.object({
  state: z.enum(["passing", "failing", "pending"]),
  passed: z.number().int(),
  failed: z.number().int(),
  pending: z.number().int(),
});
export type PullRequestChecks = z.infer<typeof pullRequestChecksSchema>;

export const REVIEW_VERDICTS = ["approved", "changes_requested", "dismissed", "commented"] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

export const reviewerSchema = z.object({ login: z.string(), verdict: z.enum(REVIEW_VERDICTS) });
export type Reviewer = z.infer<typeof reviewerSchema>;

export const diffStatusSchema = z.object({
  url: z.string().nullish(),
  pull_request_state: z.enum(PULL_REQUEST_STATES).nullish(),
  pull_request_title: z.string().nullish(),
  pull_request_draft: z.boolean().nullish(),
  pr_number: z.number().int().nullish(),
  head_branch: z.string().nullish(),
  base_branch: z.string().nullish(),
  git_branch: z.string().nullish(),
  git_remote_origin: z.string().nullish(),
  additions: z.number().int().nullish(),
  deletions: z.number().int().nullish(),
  changed_files: z.number().int().nullish(),
  commits: z.number().int().nullish(),
  approved: z.boolean().nullish(),
  changes_requested: z.boolean().nullish(),
  reviewer_count: z.number().int().nullish(),
  /** The first of them, with what each said last. */
  reviewers: z.array(reviewerSchema).nullish(),
  author_login: z.string().nullish(),
  author_avatar_url: z.string().nullish(),
  checks: pullRequestChecksSchema.nullish(),
  /** Why the last look at the git host failed, for a person. */
  sync_error: z.string().nullish(),
  refreshed_at: z.string().nullish(),
  stale_at: z.string().nullish(),
});
export type DiffStatus = z.infer<typeof diffStatusSchema>;

export const chatSchema = z.object({
  id: z.string(),
  owner_id: z.string(),
  owner_username: z.string(),
  title: z.string(),
  status: z.enum(CHAT_STATUSES),
  pause_reason: z.enum(PAUSE_REASONS).nullable(),
  archived: z.boolean(),
  pinned: z.boolean(),
  pin_order: z.number().int(),
  last_error: chatErrorSchema.nullable(),
  last_turn_summary: z.string().nullable(),
  parent_chat_id: z.string().nullable(),
  /** Null on a root. */
  root_chat_id: z.string().nullable(),
  /** The rest of these is of a subagent; null (or false) on a root. */
  agent_type: z.enum(AGENT_TYPES).nullable(),
  /** How long it may work from when it was last given a task. */
  deadline_seconds: z.number().int().nullable(),
  deadline_at: z.string().nullable(),
  /** By the database's clock: it is busy past its deadline, or has long not committed a step. */
  stuck: z.boolean(),
  progress: progressSchema.nullable(),
  workspace_id: z.string().nullable(),
  /** What the chat was started on; null when it named none. */
  repository: z.string().nullable(),
  branch: z.string().nullable(),
  last_model_config_id: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  has_unread: z.boolean(),
  plan_mode: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  /** Of the run; clients ignore status news of a lower version. */
  snapshot_version: z.number().int(),
  diff_status: diffStatusSchema.nullable(),
  get children() {
    return z.array(chatSchema);
  },
});
export type Chat = z.infer<typeof chatSchema>;

/** PostgreSQL's text cannot hold NUL. */
const textSchema = z.string().refine((text) => !text.includes("\0"), "Must not contain NUL characters.");
const titleSchema = textSchema.trim().min(1).max(200);
const labelsSchema = z
  .record(textSchema.min(1).max(100), textSchema.max(500))
  .refine((labels) => Object.keys(labels).length <= 50, "At most 50 labels.");

export const createChatSchema = z.strictObject({
  content: inputContentSchema,
  model_config_id: z.uuid().optional(),
  /** Of the first turn; absent: as the model is configured. */
  reasoning_effort: z.enum(REASONING_EFFORTS).optional(),
  workspace_id: z.uuid().optional(),
  template_id: z.uuid().optional(),
  repository: textSchema.trim().min(1).max(2048).optional(),
  branch: textSchema.trim().min(1).max(255).optional(),
  title: titleSchema.optional(),
  labels: labelsSchema.optional(),
  system_prompt: textSchema.max(10_000).optional(),
  plan_mode: z.boolean().optional(),
  /** Tools that the caller does itself: a call pauses the chat until `POST …/tool-results`. */
  tools: callerToolsSchema.optional(),
});
export type CreateChatRequest = z.input<typeof createChatSchema>;

export const patchChatSchema = z
  .strictObject({
    title: titleSchema.optional(),
    pinned: z.boolean().optional(),
    /** From 1; 0 unpins. */
    pin_order: z.number().int().min(0).max(1_000_000).optional(),
    labels: labelsSchema.optional(),
    /** Null unbinds. */
    workspace_id: z.uuid().nullable().optional(),
    plan_mode: z.boolean().optional(),
    /** What the agent and its subagents may cost together; null: no limit of its own. */
    spend_limit_micros: limitMicros.nullable().optional(),
    /** The pull request's comments and failed checks wake the agent; null: as the template says. */
    pull_request_feedback: z.boolean().nullable().optional(),
  })
  .refine(({ pinned, pin_order }) => pinned === undefined || pin_order === undefined || pinned === pin_order > 0, {
    message: "pinned and pin_order contradict each other.",
    path: ["pin_order"],
  });
export const readChatSchema = z.strictObject({ unread: z.boolean().default(false) }).default({ unread: false });
export type PatchChatRequest = z.input<typeof patchChatSchema>;
