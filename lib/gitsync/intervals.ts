/** When a reference is looked at next. Pure; every number says why. */
import { type GitHostError, isGitHostError } from "@/lib/gitproviders/git-host-error";
import type { PullRequest } from "@/lib/gitproviders/port";

/** An open pull request, and a closed one, which may be opened again: fresh enough beside webhooks. */
const FOLLOWED_MS = 120_000;
/** Merged is final; only its title may change. */
const MERGED_MS = 1_800_000;
/** Soon after a push a pull request is likely. */
const AFTER_PUSH_MS = 15_000;
const PUSH_IS_RECENT_MS = 120_000;
/** A branch that has had no pull request for a while. */
const NO_PULL_REQUEST_MS = 300_000;
/** Only a person can change that. */
const NO_TOKEN_MS = 600_000;
const AFTER_ERROR_MS = 120_000;

/** After a good look. */
export function dueAfterLook(pullRequest: PullRequest | null, sincePushMs: number | null): number {
  if (!pullRequest) return isRecent(sincePushMs) ? AFTER_PUSH_MS : NO_PULL_REQUEST_MS;
  return pullRequest.state === "merged" ? MERGED_MS : FOLLOWED_MS;
}

const isRecent = (sincePushMs: number | null) => sincePushMs !== null && sincePushMs < PUSH_IS_RECENT_MS;

/** After a failed one. A limit ends at its own second. */
export function dueAfterError(error: unknown, nowMs: number): number {
  if (!isGitHostError(error)) return AFTER_ERROR_MS;
  if (error.kind === "rate_limited") return Math.max(1_000, (error.retryAt ?? 0) - nowMs);
  return needsPerson(error) ? NO_TOKEN_MS : AFTER_ERROR_MS;
}

/** Nobody configured the host, or nobody linked an account. */
export const dueWithoutToken = NO_TOKEN_MS;

const needsPerson = ({ kind }: GitHostError): boolean =>
  kind === "unauthorized" || kind === "forbidden" || kind === "not_found";
