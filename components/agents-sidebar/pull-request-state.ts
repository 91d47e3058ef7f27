import type { DiffStatus } from "@/lib/contract/chats";

export type PullRequestState = "open" | "draft" | "merged" | "closed";

/** Null: there is no pull request, however many changes a branch has. A draft is an open one that says so. */
export function pullRequestState(diff: DiffStatus | null): PullRequestState | null {
  const state = diff?.pull_request_state;
  if (!state) return null;
  return state === "open" && diff?.pull_request_draft ? "draft" : state;
}
