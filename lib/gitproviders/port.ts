/** What the product asks of a git host, whatever its make. Adapters ask over HTTP and keep nothing but a bounded cache. */
import type { PullRequestChecks, Reviewer } from "@/lib/contract/chats";
import type { GitHostType } from "@/lib/contract/external-auth";

export type RepositoryName = { owner: string; name: string };

/** Whose token is used, until when, and who hears of the host's limits. */
export type HostAccess = {
  /** Null: ask without a token; public repositories answer. */
  token: string | null;
  signal: AbortSignal;
  /** Called before every request. Throws when the host should not be asked now. */
  beforeAsking?: () => void;
  /** The host said how many requests are left until when (milliseconds since the epoch). */
  onLimits?: (limits: HostLimits) => void;
};

export type HostLimits = { limit: number; remaining: number; resetAt: number };

/** A pull request's address. `repository` is where it is opened, which for a fork is not where the branch is. */
export type PullRequestRef = { repository: RepositoryName; number: number };

/** A pull request (GitLab: merge request) as chats show it. */
export type PullRequest = {
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
  /** The first of them, with what each said last; null: not known. */
  reviewers: Reviewer[] | null;
  checks: PullRequestChecks | null;
  /** By the host's clock, where it says so. */
  createdAt?: string | null;
  mergedAt?: string | null;
};

/** A comment on a pull request. `path` and `line` when it stands beside code. */
export type PullRequestComment = {
  /** Unique within the pull request, stable: `comment:5`, `review:7`. */
  key: string;
  author: string;
  /** The author may push to the repository. */
  canWrite: boolean;
  body: string;
  path: string | null;
  line: number | null;
  createdAt: string;
};

export type FailedCheck = { name: string; summary: string; url: string | null };

/** What reviewers and checks say of a pull request's tip. */
export type PullRequestFeedback = {
  comments: PullRequestComment[];
  /** Without those that fail on the base branch too. */
  failedChecks: FailedCheck[];
};

export type HostAccount = {
  login: string;
  name: string;
  /** What the host accepts as this account's address in commits. */
  email: string;
  avatarUrl: string | null;
  /** As the host reports them; empty when it does not. */
  scopes: string[];
};

export type NewPullRequest = {
  title: string;
  body: string;
  head: string;
  /** Absent: the repository's default branch. */
  base?: string;
  draft: boolean;
};

/** All of them @throws GitHostError, or the signal's reason. */
export type GitHost = {
  type: GitHostType;
  /** Pages are below this address; without a trailing slash. */
  webUrl: string;
  /** The open pull request of a branch, the latest when there are several; also the one a fork opened upstream. */
  findPullRequest(
    access: HostAccess,
    options: { repository: RepositoryName; branch: string },
  ): Promise<PullRequestRef | undefined>;
  /** One result per number, in order; an error stands for itself alone, except a limit, which is thrown. `fresh`: something changed there, remembered answers will not do. */
  getPullRequests(
    access: HostAccess,
    options: { repository: RepositoryName; numbers: readonly number[]; fresh?: ReadonlySet<number> },
  ): Promise<(PullRequest | Error)[]>;
  /** A unified diff, cut off at `maxBytes`. */
  getPullRequestDiff(access: HostAccess, options: PullRequestRef & { maxBytes: number }): Promise<string>;
  /** From where the branch left the default branch; empty on the default branch itself. */
  getBranchDiff(
    access: HostAccess,
    options: { repository: RepositoryName; branch: string; maxBytes: number },
  ): Promise<string>;
  getFeedback(access: HostAccess, options: PullRequestRef): Promise<PullRequestFeedback>;
  createPullRequest(
    access: HostAccess,
    options: NewPullRequest & { repository: RepositoryName },
  ): Promise<PullRequestRef>;
  getDefaultBranch(access: HostAccess, options: { repository: RepositoryName }): Promise<string>;
  getAccount(access: HostAccess): Promise<HostAccount>;
  /** Which pull request a page's address names. */
  parsePullRequestUrl(url: string): PullRequestRef | undefined;
};
