/** GitLab's REST answers (v4), as far as they are used, mapped to the port's words. Pure. */
import { z } from "zod";
import type { ReviewVerdict } from "@/lib/contract/chats";
import type { SaidComment, SeenCheck } from "./feedback";
import type { CheckOutcome, Review } from "./fold";
import type { HostAccount, PullRequest, RepositoryName } from "./port";
import type { Line } from "./pull-memory";

const user = z.object({ id: z.number(), username: z.string(), avatar_url: z.string().nullish() });

const mergeRequest = z.object({
  iid: z.number().int(),
  web_url: z.string(),
  state: z.string(),
  title: z.string().nullish(),
  draft: z.boolean().nullish(),
  /** Its name before 14.0. */
  work_in_progress: z.boolean().nullish(),
  sha: z.string().nullish(),
  source_branch: z.string().nullish(),
  target_branch: z.string().nullish(),
  source_project_id: z.number().nullish(),
  target_project_id: z.number().nullish(),
  updated_at: z.string().nullish(),
  created_at: z.string().nullish(),
  merged_at: z.string().nullish(),
  author: user.nullish(),
  /** `"3"`, or `"1000+"`. */
  changes_count: z.string().nullish(),
  head_pipeline: z.object({ sha: z.string(), project_id: z.number().nullish() }).nullish(),
});

export type MergeFacts = Omit<
  PullRequest,
  "additions" | "deletions" | "commits" | "approved" | "changesRequested" | "reviewerCount" | "reviewers" | "checks"
> & {
  updatedAt: string;
  /** Whose checks count; a merge train's or a fork's pipeline runs elsewhere than on the branch's tip. */
  checkedAt: { project: number | null; sha: string } | null;
};

const STATES: Record<string, PullRequest["state"]> = { opened: "open", locked: "open", merged: "merged" };

export function toMergeFacts(data: unknown): MergeFacts {
  const row = mergeRequest.parse(data);
  const { head_pipeline: pipeline, sha } = row;
  return {
    url: row.web_url,
    number: row.iid,
    state: STATES[row.state] ?? "closed",
    title: row.title ?? "",
    draft: row.draft ?? row.work_in_progress ?? false,
    headBranch: row.source_branch ?? null,
    headSha: sha ?? null,
    baseBranch: row.target_branch ?? null,
    changedFiles: Number.parseInt(row.changes_count ?? "0", 10) || 0,
    authorLogin: row.author?.username ?? null,
    authorAvatarUrl: row.author?.avatar_url ?? null,
    createdAt: row.created_at ?? null,
    mergedAt: row.merged_at ?? null,
    updatedAt: row.updated_at ?? "",
    checkedAt: pipeline
      ? { project: pipeline.project_id ?? null, sha: pipeline.sha }
      : sha
        ? { project: null, sha }
        : null,
  };
}

/** A line of a list; `project` is where its branch is. */
export type ListedMerge = Line & { number: number; branch: string | null; project: number | null; isOwn: boolean };

export const toListedMerges = (data: unknown): ListedMerge[] =>
  z
    .array(mergeRequest)
    .parse(data)
    .map((row) => ({
      number: row.iid,
      updatedAt: row.updated_at ?? "",
      headSha: row.sha ?? null,
      branch: row.source_branch ?? null,
      project: row.source_project_id ?? null,
      isOwn: row.source_project_id === row.target_project_id,
    }));

const approvals = z.object({
  approvals_left: z.number().nullish(),
  approved_by: z.array(z.object({ user: user.nullish() })).nullish(),
});

/** Those who approved. Without a rule GitLab calls every merge request approved, so its own word is not asked for. */
export const toApprovals = (data: unknown): { reviews: Review[]; isEnough: boolean } => {
  const { approvals_left: left, approved_by: by } = approvals.parse(data);
  const reviews = (by ?? []).flatMap((entry) =>
    entry.user ? [{ reviewer: entry.user.username, verdict: "approved" as const }] : [],
  );
  return { reviews, isEnough: (left ?? 0) === 0 };
};

const VERDICTS: Record<string, ReviewVerdict> = {
  approved: "approved",
  requested_changes: "changes_requested",
  reviewed: "commented",
};
const reviewers = z.array(
  z.object({ user: user.nullish(), state: z.string().nullish(), created_at: z.string().nullish() }),
);

export type MergeReviewer = Review & { userId: number; createdAt: string };

/** Who was asked and has answered. */
export const toReviewers = (data: unknown): MergeReviewer[] =>
  reviewers.parse(data).flatMap(({ user: reviewer, state, created_at }) => {
    const verdict = VERDICTS[state ?? ""];
    if (!reviewer || !verdict) return [];
    return [{ reviewer: reviewer.username, verdict, userId: reviewer.id, createdAt: created_at ?? "" }];
  });

const statuses = z.array(
  z.object({
    name: z.string(),
    status: z.string(),
    allow_failure: z.boolean().nullish(),
    description: z.string().nullish(),
    target_url: z.string().nullish(),
  }),
);
const OUTCOMES: Record<string, CheckOutcome> = {
  success: "passed",
  skipped: "passed",
  failed: "failed",
  canceled: "failed",
  canceling: "failed",
};

/** Jobs and outside checks of a commit. One that waits for a person to start it is none. */
export const toStatuses = (data: unknown): SeenCheck[] =>
  statuses.parse(data).flatMap(({ name, status, allow_failure, description, target_url }) => {
    if (status === "manual") return [];
    const outcome = OUTCOMES[status] ?? "pending";
    const isBearable = outcome === "failed" && allow_failure === true;
    return [{ name, outcome: isBearable ? "passed" : outcome, summary: description ?? "", url: target_url ?? null }];
  });

const notes = z.array(
  z.object({
    id: z.number(),
    body: z.string().nullish(),
    author: user.nullish(),
    system: z.boolean().nullish(),
    created_at: z.string(),
    position: z
      .object({
        new_path: z.string().nullish(),
        old_path: z.string().nullish(),
        new_line: z.number().nullish(),
        old_line: z.number().nullish(),
      })
      .nullish(),
  }),
);

/** Accounts that GitLab makes for the tokens of projects and groups, and for service desks. */
const PROGRAM = /^(?:(?:project|group)_\d+_bot|support-bot|alert-bot|ghost\d*$)/;

/** Without the host's own notes of what happened. */
export const toNotes = (data: unknown): (SaidComment & { userId: number })[] =>
  notes.parse(data).flatMap(({ id, body, author, system, created_at, position }) => {
    if (system || !author) return [];
    return [
      {
        key: `comment:${id}`,
        author: author.username,
        userId: author.id,
        isPerson: !PROGRAM.test(author.username),
        body: body ?? "",
        path: position?.new_path ?? position?.old_path ?? null,
        line: position?.new_line ?? position?.old_line ?? null,
        createdAt: created_at,
      },
    ];
  });

const project = z.object({
  id: z.number(),
  default_branch: z.string(),
  forked_from_project: z.object({ path_with_namespace: z.string() }).nullish(),
});

export const toProject = (data: unknown) => {
  const { id, default_branch: defaultBranch, forked_from_project: parent } = project.parse(data);
  return { id, defaultBranch, parent: parent ? toName(parent.path_with_namespace) : null };
};

function toName(path: string): RepositoryName {
  const slash = path.lastIndexOf("/");
  return { owner: path.slice(0, slash), name: path.slice(slash + 1) };
}

/** Developers, maintainers and owners (docs, "Members API", read 2026-11). */
const MIN_WRITE_LEVEL = 30;

export const toMayWrite = (data: unknown): boolean =>
  z.object({ access_level: z.number() }).parse(data).access_level >= MIN_WRITE_LEVEL;

export const toBranchTip = (data: unknown): string =>
  z.object({ commit: z.object({ id: z.string() }) }).parse(data).commit.id;

const account = z.object({
  id: z.number(),
  username: z.string(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  commit_email: z.string().nullish(),
  avatar_url: z.string().nullish(),
});

export function toAccount(data: unknown, options: { webHost: string; scopes: string[] }): HostAccount {
  const { id, username, name, email, commit_email, avatar_url } = account.parse(data);
  return {
    login: username,
    name: name || username,
    email: commit_email || email || `${id}-${username}@users.noreply.${options.webHost}`,
    avatarUrl: avatar_url ?? null,
    scopes: options.scopes,
  };
}

/** Of a personal token (`scopes`), or of an OAuth token (`scope`). */
export const toScopes = (data: unknown): string[] => {
  const { scopes, scope } = z
    .object({ scopes: z.array(z.string()).optional(), scope: z.array(z.string()).optional() })
    .parse(data);
  return scopes ?? scope ?? [];
};
