/** Reviews and checks folded to what one line can say. Pure. */
import type { PullRequestChecks } from "@/lib/contract/chats";

export type ReviewVerdict = "approved" | "changes_requested" | "dismissed" | "commented";
export type Review = { reviewer: string; verdict: ReviewVerdict };

/** The last decisive review of each reviewer counts; a comment decides nothing. `reviews` are oldest first. */
export function foldReviews(reviews: readonly Review[]): {
  approved: boolean;
  changesRequested: boolean;
  reviewerCount: number;
} {
  const decisive = new Map<string, ReviewVerdict>();
  const reviewers = new Set<string>();
  for (const { reviewer, verdict } of reviews) {
    reviewers.add(reviewer);
    if (verdict !== "commented") decisive.set(reviewer, verdict);
  }
  const verdicts = [...decisive.values()];
  const changesRequested = verdicts.includes("changes_requested");
  return {
    approved: verdicts.includes("approved") && !changesRequested,
    changesRequested,
    reviewerCount: reviewers.size,
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
