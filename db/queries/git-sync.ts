/** The store of the pull-request worker: claims with a lease, guarded writes, limits. Implements `lib/gitsync`'s port by shape. */
import type { Sql } from "postgres";
import { toJsonb } from "@/db/json";
import type { PullRequestChecks, Reviewer } from "@/lib/contract/chats";

type PullRequestColumns = {
  url: string;
  number: number;
  state: "open" | "closed" | "merged";
  title: string;
  draft: boolean;
  headBranch: string | null;
  headSha: string | null;
  baseBranch: string | null;
  additions: number;
  deletions: number;
  changedFiles: number;
  commits: number | null;
  authorLogin: string | null;
  authorAvatarUrl: string | null;
  approved: boolean | null;
  changesRequested: boolean;
  reviewerCount: number | null;
  reviewers: Reviewer[] | null;
  checks: PullRequestChecks | null;
  createdAt?: string | null;
  mergedAt?: string | null;
};

type Claimed = {
  chatId: string;
  ownerId: string;
  rootChatId: string | null;
  branch: string;
  origin: string;
  url: string | null;
  repositoryKey: string;
  lease: string;
  isHinted: boolean;
  sincePushMs: number | null;
  known: PullRequestColumns | null;
  syncError: string | null;
};

type Outcome = { pullRequest?: PullRequestColumns | null; syncError: string | null; dueInMs: number };

/** A worker that dies holds its references this long. */
const LEASE = "5 minutes";
/** What nobody looks at: archived, or nothing to follow. Unarchiving and linking mark it. */
const PARKED = "1 day";

export function createSyncStore(sql: Sql) {
  return {
    claim: (options: { limit: number }) => claim(sql, options),
    save: (reference: Claimed, outcome: Outcome) => save(sql, reference, outcome),
    async findLimitMs({ scope }: { scope: string }): Promise<number> {
      const [row] = await sql<{ waitMs: number }[]>`
        SELECT ceil(extract(epoch FROM until - now()) * 1000)::float8 AS "waitMs"
        FROM git_rate_limits WHERE scope = ${scope} AND until > now()`;
      return row?.waitMs ?? 0;
    },
    async saveLimit({ scope, waitMs }: { scope: string; waitMs: number }): Promise<void> {
      await sql`
        INSERT INTO git_rate_limits (scope, until) VALUES (${scope}, now() + make_interval(secs => ${waitMs / 1_000}))
        ON CONFLICT (scope) DO UPDATE SET until = greatest(git_rate_limits.until, EXCLUDED.until)`;
    },
  };
}

/**
 * Due references, oldest first, with a lease. Index scan on `chat_diff_statuses_stale_at` that stops at the limit, past
 * the few that are leased, then primary keys: the array keeps the planner from reading the whole table for a hash join.
 * The limit is part of the text: as a parameter it would have the statement planned anew each time. No indexed column
 * moves, so that no index is written (two thirds of the update's time), but for rows to be parked, which are moved out of
 * the way. Waits for no disk: what a crash of the database takes back is claimed again.
 */
async function claim(sql: Sql, { limit }: { limit: number }): Promise<{ references: Claimed[]; more: boolean }> {
  const rows = await sql<(Claimed & { isParked: boolean })[]>`
    WITH relaxed AS MATERIALIZED (
      SELECT set_config('synchronous_commit', 'off', true)
    ), due AS MATERIALIZED (
      SELECT chat_id, stale_at FROM chat_diff_statuses
      WHERE stale_at <= now() AND (leased_until IS NULL OR leased_until <= now())
      ORDER BY stale_at LIMIT ${sql.unsafe(String(Math.trunc(limit)))} FOR UPDATE SKIP LOCKED
    )
    UPDATE chat_diff_statuses d
    SET leased_until = now() + ${LEASE}::interval,
      stale_at = CASE WHEN c.archived OR (d.url IS NULL AND (d.git_branch = '' OR d.git_remote_origin = ''))
        THEN now() + ${PARKED}::interval ELSE d.stale_at END
    FROM relaxed, due, chats c
    WHERE d.chat_id = ANY(ARRAY(SELECT chat_id FROM due)) AND due.chat_id = d.chat_id AND c.id = d.chat_id
    RETURNING d.chat_id AS "chatId", c.owner_id AS "ownerId", c.root_chat_id AS "rootChatId", d.git_branch AS branch,
      d.git_remote_origin AS origin, d.url, d.repository_key AS "repositoryKey", d.stale_at AS lease,
      due.stale_at < now() - interval '12 hours' AS "isHinted",
      (extract(epoch FROM now() - d.pushed_at) * 1000)::float8 AS "sincePushMs", d.sync_error AS "syncError",
      c.archived OR (d.url IS NULL AND (d.git_branch = '' OR d.git_remote_origin = '')) AS "isParked",
      CASE WHEN d.pr_number IS NOT NULL THEN jsonb_build_object('url', d.url, 'number', d.pr_number,
        'state', d.pull_request_state, 'title', d.pull_request_title, 'draft', d.pull_request_draft,
        'headBranch', d.head_branch, 'headSha', d.head_sha, 'baseBranch', d.base_branch, 'additions', d.additions,
        'deletions', d.deletions, 'changedFiles', d.changed_files, 'commits', d.commits,
        'authorLogin', d.author_login, 'authorAvatarUrl', d.author_avatar_url, 'approved', d.approved,
        'changesRequested', d.changes_requested, 'reviewerCount', d.reviewer_count, 'reviewers', d.reviewers, 'checks', d.checks) END AS known`;
  const references = rows.filter(({ isParked }) => !isParked).map(({ isParked: _parked, ...row }) => row);
  return { references, more: rows.length === limit };
}

/** One statement by primary key; nothing when the reference is another by now. A mark made meanwhile stays. */
async function save(sql: Sql, reference: Claimed, { pullRequest, syncError, dueInMs }: Outcome): Promise<boolean> {
  const { chatId, branch, origin, url, lease } = reference;
  const isAsClaimed = sql`stale_at = ${lease}::timestamptz`;
  const { count } = await sql`
    UPDATE chat_diff_statuses SET sync_error = ${syncError},
      stale_at = CASE WHEN ${isAsClaimed} THEN now() + make_interval(secs => ${dueInMs / 1_000}) ELSE stale_at END,
      leased_until = CASE WHEN ${isAsClaimed} THEN NULL ELSE leased_until END,
      ${pullRequest === undefined ? sql`updated_at = updated_at` : seen(sql, pullRequest)}
    WHERE chat_id = ${chatId} AND git_branch = ${branch} AND git_remote_origin = ${origin}
      AND url IS NOT DISTINCT FROM ${url}`;
  return count > 0;
}

function seen(sql: Sql, pull: PullRequestColumns | null) {
  if (!pull) return sql`refreshed_at = now(), updated_at = now()`;
  return sql`
    url = ${pull.url}, pr_number = ${pull.number}, pull_request_state = ${pull.state},
    pull_request_title = ${stored(pull.title)}, pull_request_draft = ${pull.draft},
    head_branch = ${stored(pull.headBranch)}, head_sha = ${pull.headSha}, base_branch = ${stored(pull.baseBranch)},
    git_branch = CASE WHEN git_branch = '' THEN coalesce(${stored(pull.headBranch)}, '') ELSE git_branch END,
    additions = ${pull.additions}, deletions = ${pull.deletions}, changed_files = ${pull.changedFiles},
    commits = ${pull.commits}, author_login = ${stored(pull.authorLogin)}, author_avatar_url = ${pull.authorAvatarUrl},
    approved = ${pull.approved}, changes_requested = ${pull.changesRequested}, reviewer_count = ${pull.reviewerCount},
    reviewers = ${pull.reviewers && toJsonb(pull.reviewers)}::text::jsonb,
    checks = ${pull.checks && toJsonb(pull.checks)}::text::jsonb, refreshed_at = now(), updated_at = now(),
    pull_request_created_at = ${pull.createdAt ?? null}::timestamptz,
    pull_request_merged_at = ${pull.mergedAt ?? null}::timestamptz`;
}

/** PostgreSQL's text holds no NUL and no lone surrogate. */
const stored = <T extends string | null>(text: T): T => (text?.toWellFormed().replaceAll("\0", "") ?? null) as T;
