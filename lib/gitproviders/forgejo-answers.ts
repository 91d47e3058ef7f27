/** Forgejo's and Gitea's REST answers (v1), as far as they are used, mapped to the port's words. Pure. */
import { z } from "zod";
import type { ReviewVerdict } from "@/lib/contract/chats";
import type { SaidComment, SeenCheck } from "./feedback";
import type { CheckOutcome, Review } from "./fold";
import type { HostAccount, PullRequest } from "./port";
import type { Line } from "./pull-memory";

/** Programs and vanished people have numbers below one. */
const user = z.object({ id: z.number(), login: z.string(), avatar_url: z.string().nullish() });
const named = z.object({ name: z.string(), owner: z.object({ login: z.string() }) });
const branch = z.object({ ref: z.string().nullish(), sha: z.string().nullish(), repo: named.nullish() });
const count = z.number().int().nullish();

const pull = z.object({
  number: z.number().int(),
  html_url: z.string(),
  state: z.string(),
  title: z.string().nullish(),
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  updated_at: z.string().nullish(),
  created_at: z.string().nullish(),
  merged_at: z.string().nullish(),
  user: user.nullish(),
  head: branch.nullish(),
  base: branch.nullish(),
  additions: count,
  deletions: count,
  changed_files: count,
});

export type PullFacts = Omit<
  PullRequest,
  "commits" | "approved" | "changesRequested" | "reviewerCount" | "reviewers" | "checks"
> & {
  updatedAt: string;
  baseSha: string | null;
};

export function toPullFacts(data: unknown): PullFacts {
  const row = pull.parse(data);
  const openState = row.state === "open" ? "open" : "closed";
  return {
    url: row.html_url,
    number: row.number,
    state: row.merged ? "merged" : openState,
    title: row.title ?? "",
    draft: row.draft ?? false,
    headBranch: toBranch(row.head?.ref),
    headSha: row.head?.sha || null,
    baseBranch: toBranch(row.base?.ref),
    baseSha: row.base?.sha || null,
    additions: row.additions ?? 0,
    deletions: row.deletions ?? 0,
    changedFiles: row.changed_files ?? 0,
    authorLogin: row.user?.login ?? null,
    authorAvatarUrl: row.user?.avatar_url ?? null,
    createdAt: row.created_at ?? null,
    mergedAt: row.merged_at ?? null,
    updatedAt: row.updated_at ?? "",
  };
}

/** A branch that was deleted is told as `refs/pull/5/head`. */
const toBranch = (ref: string | null | undefined): string | null => (ref && !ref.startsWith("refs/") ? ref : null);

/** A line of a list; `from` is the repository of its branch, in lower case. */
export type ListedPull = Line & { number: number; branch: string | null; from: string | null };

export const toListedPulls = (data: unknown): ListedPull[] =>
  z
    .array(pull)
    .parse(data)
    .map(({ number, updated_at, head }) => ({
      number,
      updatedAt: updated_at ?? "",
      headSha: head?.sha || null,
      branch: toBranch(head?.ref),
      from: head?.repo ? `${head.repo.owner.login}/${head.repo.name}`.toLowerCase() : null,
    }));

const VERDICTS: Record<string, ReviewVerdict> = {
  APPROVED: "approved",
  REQUEST_CHANGES: "changes_requested",
  COMMENT: "commented",
};

const reviews = z.array(
  z.object({
    id: z.number(),
    user: user.nullish(),
    state: z.string(),
    body: z.string().nullish(),
    dismissed: z.boolean().nullish(),
    comments_count: count,
    submitted_at: z.string().nullish(),
  }),
);

export type ForgejoReview = Review & {
  id: number;
  isPerson: boolean;
  body: string;
  submittedAt: string;
  hasComments: boolean;
};

/** Oldest first; pending ones and requests for a review are none. */
export const toReviews = (data: unknown): ForgejoReview[] =>
  reviews.parse(data).flatMap(({ id, user: reviewer, state, body, dismissed, comments_count, submitted_at }) => {
    const verdict = VERDICTS[state];
    if (!reviewer || !verdict) return [];
    return [
      {
        id,
        reviewer: reviewer.login,
        isPerson: reviewer.id > 0,
        verdict: dismissed ? "dismissed" : verdict,
        body: body ?? "",
        submittedAt: submitted_at ?? "",
        hasComments: (comments_count ?? 0) > 0,
      },
    ];
  });

const statuses = z.object({
  statuses: z
    .array(
      z.object({
        context: z.string(),
        status: z.string(),
        description: z.string().nullish(),
        target_url: z.string().nullish(),
      }),
    )
    .nullish(),
});
const OUTCOMES: Record<string, CheckOutcome> = {
  success: "passed",
  warning: "passed",
  skipped: "passed",
  pending: "pending",
};

/** The latest of each context. */
export const toStatuses = (data: unknown): SeenCheck[] =>
  (statuses.parse(data).statuses ?? []).map(({ context, status, description, target_url }) => ({
    name: context,
    outcome: OUTCOMES[status] ?? "failed",
    summary: description ?? "",
    url: target_url || null,
  }));

const comments = z.array(
  z.object({
    id: z.number(),
    user: user.nullish(),
    body: z.string().nullish(),
    path: z.string().nullish(),
    /** Lines of the new and the old side; 0 when it is on the other. */
    position: z.number().nullish(),
    original_position: z.number().nullish(),
    created_at: z.string(),
  }),
);

/** Of a conversation, or of a review, beside code. */
export const toComments = (data: unknown): SaidComment[] =>
  comments.parse(data).flatMap(({ id, user: author, body, path, position, original_position, created_at }) => {
    if (!author) return [];
    return [
      {
        key: `comment:${id}`,
        author: author.login,
        isPerson: author.id > 0,
        body: body ?? "",
        path: path || null,
        line: position || original_position || null,
        createdAt: created_at,
      },
    ];
  });

const repository = z.object({ default_branch: z.string(), parent: named.nullish() });

export const toRepository = (data: unknown) => {
  const { default_branch: defaultBranch, parent } = repository.parse(data);
  return { defaultBranch, parent: parent ? { owner: parent.owner.login, name: parent.name } : null };
};

const WRITERS = new Set(["owner", "admin", "write"]);

export const toMayWrite = (data: unknown): boolean =>
  WRITERS.has(z.object({ permission: z.string() }).parse(data).permission);

export const toLogins = (data: unknown): string[] =>
  z
    .array(user)
    .parse(data)
    .map(({ login }) => login);

/** The commits of a comparison, which the host gives newest first, or the diff itself, where the host knows `output`. */
export const toComparison = (data: unknown): { diff: string } | { shas: string[] } => {
  if (typeof data === "string") return { diff: data };
  const { commits } = z.object({ commits: z.array(z.object({ sha: z.string() })).nullish() }).parse(data);
  return { shas: (commits ?? []).map(({ sha }) => sha).reverse() };
};

const account = z.object({
  id: z.number(),
  login: z.string(),
  full_name: z.string().nullish(),
  email: z.string().nullish(),
  avatar_url: z.string().nullish(),
});

/** It does not tell a token's scopes. */
export function toAccount(data: unknown, { webHost }: { webHost: string }): HostAccount {
  const { login, full_name, email, avatar_url } = account.parse(data);
  const name = full_name || login;
  return { login, name, email: email || `${login}@noreply.${webHost}`, avatarUrl: avatar_url ?? null, scopes: [] };
}
