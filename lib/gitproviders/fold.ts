/** Reviews and checks folded to what one line can say. Pure. */
import type { PullRequestChecks, Reviewer, ReviewVerdict } from "@/lib/contract/chats";

export type Review = { reviewer: string; verdict: ReviewVerdict };

/** More names than a person reads; they stand in every row of the list of chats. */
const MAX_NAMED = 20;

/** The last decisive review of each reviewer counts; a comment decides nothing. `reviews` are oldest first. */
export function foldReviews(reviews: readonly Review[]): {
  approved: boolean;
  changesRequested: boolean;
  reviewerCount: number;
  reviewers: Reviewer[];
} {
  const last = new Map<string, ReviewVerdict>();
  for (const { reviewer, verdict } of reviews) {
    if (verdict !== "commented" || !last.has(reviewer)) last.set(reviewer, verdict);
  }
  const verdicts = [...last.values()];
  const changesRequested = verdicts.includes("changes_requested");
  return {
    approved: verdicts.includes("approved") && !changesRequested,
    changesRequested,
    reviewerCount: last.size,
    reviewers: [...last].slice(0, MAX_NAMED).map(([login, verdict]) => ({ login, verdict })),
  };
}

export type CheckOutcome = "passed" | "failed" | "pending";

/** Null when nothing ran. */
export function foldChecks(outcomes: readonly CheckOutcome[]): PullRequestChecks | null {
  if (outcomes.length === 0) return null;
  const count = (wanted: CheckOutcome) => outcomes.filter((outcome) => outcome === wanted).length;
  const failed = count("failed");
  const pending = count("pending");
  let state: PullRequestChecks["state"] = "passing";
  if (pending > 0) state = "pending";
  if (failed > 0) state = "failing";
  return { state, passed: count("passed"), failed, pending };
}
