import type { DiffStatus } from "@/lib/contract/chats";

export type PullRequestState = "open" | "draft" | "merged" | "closed";

/** Of a chat, whatever else is known of its changes. */
export type PullRequestFacts = Partial<DiffStatus>;

/** Null: there is no pull request, however many changes a branch has. A draft is an open one that says so. */
export function pullRequestState(diff: PullRequestFacts | null): PullRequestState | null {
  const state = diff?.pull_request_state;
  if (!state) return null;
  return state === "open" && diff?.pull_request_draft ? "draft" : state;
}
