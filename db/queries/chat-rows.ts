/** The columns of a chat as clients see it, and their mapping. Reads nothing by itself. */
import { sql } from "drizzle-orm";
import type { AgentType, Chat, ChatError, ChatStatus, DiffStatus, PauseReason } from "@/lib/contract/chats";

/**
 * Unread: an assistant row above the read mark. One probe of the primary key `(chat_id, id)`: the order keeps the planner
 * from reading all messages of all chats where few chats hold most of them (30 chats: 800 ms instead of 3).
 */
export const hasUnread = sql`coalesce((
  SELECT true FROM chat_messages m
  WHERE m.chat_id = c.id AND m.id > c.last_read_message_id
    AND m.role = 'assistant' AND m.visibility <> 'model' AND NOT m.compressed AND NOT m.deleted
  ORDER BY m.chat_id, m.id LIMIT 1
), false)`;

/**
 * Without a committed step for this long a busy subagent counts as stuck: longer than a model may be silent (10 minutes)
 * and than most test suites run.
 */
const STALL = sql.raw(`interval '15 minutes'`);

/**
 * Of `chats c`, `chat_runs r`: a busy subagent past its deadline, or without progress. Time waiting for a worker counts.
 * A root never is: it waits for its person as long as it takes, and greatest() passes over a deadline that it lacks.
 */
export const isStuck = sql`coalesce(c.parent_chat_id IS NOT NULL AND c.status IN ('pending', 'running', 'interrupting', 'paused') AND (
  c.deadline_at < now()
  OR greatest(r.last_step_at, c.deadline_at - c.deadline_seconds * interval '1 second') < now() - ${STALL}
), false)`;

/**
 * Of `chats c`, `users u`, `chat_runs r`, `chat_diff_statuses d`. No title is longer than the contract takes one, whatever
 * an older version or a restored backup left: thousands of characters in each row stall a page.
 */
export const chatColumns = sql`
  c.id, c.owner_id, u.username AS owner_username, left(c.title, 200) AS title, c.status, c.pause_reason, c.archived, c.pin_order,
  c.last_error, c.last_turn_summary, c.parent_chat_id, c.root_chat_id, c.agent_type, c.deadline_seconds,
  c.deadline_at, ${isStuck} AS stuck, r.activity, r.last_step_at, c.workspace_id, c.repository, c.branch, c.last_model_config_id,
  c.labels, c.plan_mode, c.created_at, c.updated_at, coalesce(r.snapshot_version, 0) AS snapshot_version,
  ${hasUnread} AS has_unread, to_jsonb(d) AS diff_status`;

export const chatJoins = sql`
  JOIN users u ON u.id = c.owner_id
  LEFT JOIN chat_runs r ON r.chat_id = c.id
  LEFT JOIN chat_diff_statuses d ON d.chat_id = c.id`;

export type ChatRow = {
  id: string;
  owner_id: string;
  owner_username: string;
  title: string;
  status: ChatStatus;
  pause_reason: PauseReason | null;
  archived: boolean;
  pin_order: number;
  last_error: ChatError | null;
  last_turn_summary: string | null;
  parent_chat_id: string | null;
  root_chat_id: string | null;
  agent_type: AgentType | null;
  deadline_seconds: number | null;
  deadline_at: string | null;
  stuck: boolean;
  activity: string | null;
  last_step_at: string | null;
  workspace_id: string | null;
  repository: string | null;
  branch: string | null;
  last_model_config_id: string | null;
  labels: Record<string, string>;
  plan_mode: boolean;
  created_at: string;
  updated_at: string;
  snapshot_version: number;
  has_unread: boolean;
  diff_status: DiffStatusRow | null;
};

/** Columns of `chat_diff_statuses` as `to_jsonb` writes them; absent text is empty there and null for clients. */
type DiffStatusRow = {
  url: string | null;
  pull_request_state: DiffStatus["pull_request_state"];
  pull_request_title: string;
  pull_request_draft: boolean;
  pr_number: number | null;
  head_branch: string | null;
  base_branch: string | null;
  git_branch: string;
  git_remote_origin: string;
  additions: number;
  deletions: number;
  changed_files: number;
  commits: number | null;
  approved: boolean | null;
  changes_requested: boolean;
  reviewer_count: number | null;
  reviewers: DiffStatus["reviewers"];
  author_login: string | null;
  author_avatar_url: string | null;
  checks: DiffStatus["checks"];
  sync_error: string | null;
  refreshed_at: string | null;
  stale_at: string;
};

/** A row as clients see it, without children. */
export function toChat(row: ChatRow): Chat {
  const { diff_status: diffStatus, activity: doing, last_step_at, ...columns } = row;
  return {
    ...columns,
    progress: row.parent_chat_id === null ? null : { doing, last_step_at },
    pinned: row.pin_order > 0,
    diff_status: diffStatus && toDiffStatus(diffStatus),
    children: [],
  };
}

function toDiffStatus(row: DiffStatusRow): DiffStatus {
  return {
    url: row.url,
    pull_request_state: row.pull_request_state,
    pull_request_title: row.pull_request_title || null,
    pull_request_draft: row.pull_request_draft,
    pr_number: row.pr_number,
    head_branch: row.head_branch,
    base_branch: row.base_branch,
    git_branch: row.git_branch || null,
    git_remote_origin: row.git_remote_origin || null,
    additions: row.additions,
    deletions: row.deletions,
    changed_files: row.changed_files,
    commits: row.commits,
    approved: row.approved,
    changes_requested: row.changes_requested,
    reviewer_count: row.reviewer_count,
    reviewers: row.reviewers,
    author_login: row.author_login,
    author_avatar_url: row.author_avatar_url,
    checks: row.checks,
    sync_error: row.sync_error,
    refreshed_at: toUtc(row.refreshed_at),
    stale_at: toUtc(row.stale_at),
  };
}

/** `to_jsonb` writes times with `+00:00`; everything else of ours ends in `Z`. */
const toUtc = (time: string | null): string | null => time?.replace(/\+00:00$/, "Z") ?? null;
