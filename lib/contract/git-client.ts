/** The browser's calls for a chat's repositories, its pull request, and rewinding. In a file of its own: pages load it late. */

import type { Chat } from "./chats";
import { API_PREFIX, type RequestOptions, request } from "./client";
import type { ChatDiff, PutGitReferenceRequest } from "./git";
import type { RewindPreview, Rewound } from "./rewind";
import type {
  CleanUpRequest,
  CommitRequest,
  Committed,
  CreatedPullRequest,
  CreatePullRequestRequest,
  Feedback,
  GitChanges,
  PullRequestProposal,
  Pushed,
  PushRequest,
} from "./working-tree";
import type { Build } from "./workspaces";

/** A push of a large history takes its time; the server gives up before. */
const GIT_TIMEOUT_MS = 150_000;

const chatPath = (id: string, rest: string) => `${API_PREFIX}/chats/${encodeURIComponent(id)}${rest}`;

export const gitClient = {
  /** Of the pull request or the branch; the host is asked, so it takes as long as the host. */
  diff: (id: string, options?: RequestOptions) =>
    request<ChatDiff>("GET", chatPath(id, "/diff"), { timeoutMs: 60_000, ...options }),
  /** Links by hand; the host is read again at once. */
  link: (id: string, body: PutGitReferenceRequest, options?: RequestOptions) =>
    request<Chat>("PUT", chatPath(id, "/git-reference"), { ...options, body }),
  /** For an EventSource: events `changes` with `GitChanges`. */
  streamUrl: (id: string) => chatPath(id, "/git"),
  /** Looks now; viewers of the stream see it too. */
  refresh: (id: string, options?: RequestOptions) => request<GitChanges>("POST", chatPath(id, "/git/refresh"), options),
  commit: (id: string, body: CommitRequest, options?: RequestOptions) =>
    request<Committed>("POST", chatPath(id, "/commit"), { timeoutMs: GIT_TIMEOUT_MS, ...options, body }),
  push: (id: string, body: PushRequest = {}, options?: RequestOptions) =>
    request<Pushed>("POST", chatPath(id, "/push"), { timeoutMs: GIT_TIMEOUT_MS, ...options, body }),
  /** Title and body for a pull request, asked of a model. */
  proposePullRequest: (id: string, options?: RequestOptions) =>
    request<PullRequestProposal>("POST", chatPath(id, "/pull-request/proposal"), { timeoutMs: 60_000, ...options }),
  createPullRequest: (id: string, body: CreatePullRequestRequest = {}, options?: RequestOptions) =>
    request<CreatedPullRequest>("POST", chatPath(id, "/pull-request"), { timeoutMs: 90_000, ...options, body }),
  /** Changed by `chatsClient.patch` with `pull_request_feedback`. */
  feedback: (id: string, options?: RequestOptions) => request<Feedback>("GET", chatPath(id, "/feedback"), options),
  /** Deletes the workspace, once its work is pushed or with `force`. */
  cleanUp: (id: string, body: CleanUpRequest = {}, options?: RequestOptions) =>
    request<Build>("POST", chatPath(id, "/clean-up"), { ...options, body }),
  /** Without a message: whether the last one can be undone. */
  previewRewind: (id: string, messageId?: number, options?: RequestOptions) =>
    request<RewindPreview>("GET", chatPath(id, "/rewind"), { ...options, query: { message_id: messageId } }),
  rewind: (id: string, messageId: number, options?: RequestOptions) =>
    request<Rewound>("POST", chatPath(id, "/rewind"), {
      timeoutMs: GIT_TIMEOUT_MS,
      ...options,
      body: { message_id: messageId },
    }),
  undoRewind: (id: string, options?: RequestOptions) =>
    request<Rewound>("POST", chatPath(id, "/rewind/undo"), { timeoutMs: GIT_TIMEOUT_MS, ...options }),
};
