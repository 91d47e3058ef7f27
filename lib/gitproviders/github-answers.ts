/** GitHub's REST answers (API version 2022-11-28), as far as they are used, mapped to the port's words. Pure. */
import { z } from "zod";
import type { ReviewVerdict } from "@/lib/contract/chats";
import type { SeenCheck } from "./feedback";
import type { CheckOutcome, Review } from "./fold";
import type { HostAccount, PullRequest } from "./port";

const user = z.object({ login: z.string(), avatar_url: z.string().nullish(), type: z.string().optional() }).nullish();
const branch = z.object({
  ref: z.string().nullish(),
  sha: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});
const count = z.number().int().nullish();

const pull = z.object({
  number: z.number().int(),
  html_url: z.string(),
  state: z.string(),
  title: z.string().nullish(),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  user,
  head: branch.nullish(),
  base: branch.nullish(),
  additions: count,
  deletions: count,
  changed_files: count,
  commits: count,
});

/** What a pull request is without its reviews and checks. */
export type PullFacts = Omit<
  PullRequest,
  "approved" | "changesRequested" | "reviewerCount" | "reviewers" | "checks"
> & {
  updatedAt: string;
};

export function toPullFacts(data: unknown): PullFacts {
  const row = pull.parse(data);
  const isMerged = row.merged === true || Boolean(row.merged_at);
  const openState = row.state === "open" ? "open" : "closed";
  return {
    url: row.html_url,
    number: row.number,
    state: isMerged ? "merged" : openState,
    title: row.title ?? "",
    draft: row.draft ?? false,
    headBranch: row.head?.ref ?? null,
    headSha: row.head?.sha ?? null,
    baseBranch: row.base?.ref ?? null,
    additions: row.additions ?? 0,
    deletions: row.deletions ?? 0,
    changedFiles: row.changed_files ?? 0,
    commits: row.commits ?? null,
    authorLogin: row.user?.login ?? null,
    authorAvatarUrl: row.user?.avatar_url ?? null,
    createdAt: row.created_at ?? null,
    mergedAt: row.merged_at ?? null,
    updatedAt: row.updated_at ?? "",
  };
}

/** A line of a list of pull requests. */
export type ListedPull = {
  number: number;
  updatedAt: string;
  headSha: string | null;
  headRef: string | null;
  headOwner: string | null;
};

export const toListedPulls = (data: unknown): ListedPull[] =>
  z
    .array(pull)
    .parse(data)
    .map((row) => ({
      number: row.number,
      updatedAt: row.updated_at ?? "",
      headSha: row.head?.sha ?? null,
      headRef: row.head?.ref ?? null,
      headOwner: row.head?.user?.login ?? null,
    }));

const VERDICTS: Record<string, ReviewVerdict> = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "changes_requested",
  DISMISSED: "dismissed",
  COMMENTED: "commented",
};

const reviews = z.array(
  z.object({ id: z.number(), user, state: z.string(), body: z.string().nullish(), submitted_at: z.string().nullish() }),
);

export type GithubReview = Review & { id: number; isPerson: boolean; body: string; submittedAt: string };

/** Oldest first, as GitHub lists them; pending ones are nobody's business yet. */
export const toReviews = (data: unknown): GithubReview[] =>
  reviews.parse(data).flatMap(({ id, user, state, body, submitted_at }) => {
    const verdict = VERDICTS[state];
    if (!user || !verdict) return [];
    return [
      {
        id,
        reviewer: user.login,
        isPerson: user.type !== "Bot",
        verdict,
        body: body ?? "",
        submittedAt: submitted_at ?? "",
      },
    ];
  });

const runs = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullish(),
      html_url: z.string().nullish(),
      output: z.object({ title: z.string().nullish(), summary: z.string().nullish() }).nullish(),
    }),
  ),
});
const FAILED = new Set(["failure", "timed_out", "startup_failure", "action_required", "cancelled"]);

export const toCheckRuns = (data: unknown): SeenCheck[] =>
  runs.parse(data).check_runs.map(({ name, status, conclusion, html_url, output }) => {
    const ended: CheckOutcome = FAILED.has(conclusion ?? "") ? "failed" : "passed";
    const summary = [output?.title, output?.summary].filter(Boolean).join("\n");
    return { name, outcome: status === "completed" ? ended : "pending", summary, url: html_url ?? null };
  });

const statuses = z.object({
  statuses: z.array(
    z.object({
      context: z.string(),
      state: z.string(),
      description: z.string().nullish(),
      target_url: z.string().nullish(),
    }),
  ),
});
const STATUS_OUTCOMES: Record<string, CheckOutcome> = { success: "passed", pending: "pending" };

export const toStatuses = (data: unknown): SeenCheck[] =>
  statuses.parse(data).statuses.map(({ context, state, description, target_url }) => ({
    name: context,
    outcome: STATUS_OUTCOMES[state] ?? "failed",
    summary: description ?? "",
    url: target_url ?? null,
  }));

export type GithubComment = {
  id: number;
  author: string;
  isPerson: boolean;
  body: string;
  path: string | null;
  line: number | null;
  createdAt: string;
};

const comments = z.array(
  z.object({
    id: z.number(),
    user,
    body: z.string().nullish(),
    path: z.string().nullish(),
    line: z.number().nullish(),
    original_line: z.number().nullish(),
    created_at: z.string(),
  }),
);

/** Of a conversation, or beside code. */
export const toComments = (data: unknown): GithubComment[] =>
  comments.parse(data).flatMap((row) => {
    if (!row.user) return [];
    return [
      {
        id: row.id,
        author: row.user.login,
        isPerson: row.user.type !== "Bot",
        body: row.body ?? "",
        path: row.path ?? null,
        line: row.line ?? row.original_line ?? null,
        createdAt: row.created_at,
      },
    ];
  });

const repository = z.object({
  default_branch: z.string(),
  parent: z.object({ name: z.string(), owner: z.object({ login: z.string() }) }).nullish(),
});

export const toRepository = (data: unknown) => {
  const { default_branch: defaultBranch, parent } = repository.parse(data);
  return { defaultBranch, parent: parent ? { owner: parent.owner.login, name: parent.name } : null };
};

const WRITERS = new Set(["admin", "write", "maintain"]);

export const toMayWrite = (data: unknown): boolean =>
  WRITERS.has(z.object({ permission: z.string() }).parse(data).permission);

const account = z.object({
  id: z.number(),
  login: z.string(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  avatar_url: z.string().nullish(),
});

/** Whoever hides their address commits as GitHub's own no-reply address. */
export function toAccount(data: unknown, options: { webHost: string; scopes: string }): HostAccount {
  const { id, login, name, email, avatar_url } = account.parse(data);
  return {
    login,
    name: name || login,
    email: email || `${id}+${login}@users.noreply.${options.webHost}`,
    avatarUrl: avatar_url ?? null,
    scopes: options.scopes.split(",").flatMap((scope) => scope.trim() || []),
  };
}
