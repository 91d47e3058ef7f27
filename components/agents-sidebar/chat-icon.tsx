import clsx from "clsx";
import {
  Check,
  Clock,
  GitMerge,
  GitPullRequestArrow,
  GitPullRequestClosed,
  GitPullRequestDraft,
  LoaderCircle,
  type LucideIcon,
  Pause,
  TriangleAlert,
} from "lucide-react";
import type { Chat, ChatStatus } from "@/lib/contract/chats";
import { type PullRequestFacts, type PullRequestState, pullRequestState } from "./pull-request-state";

export type ChatIconLook = {
  icon: LucideIcon;
  /** A token's text colour. */
  color: string;
  /** What the icon says, in words. */
  label: string;
  isTurning: boolean;
};

const still = (icon: LucideIcon, color: string, label: string): ChatIconLook => ({
  icon,
  color,
  label,
  isTurning: false,
});
const turning = (color: string, label: string): ChatIconLook => ({ icon: LoaderCircle, color, label, isTurning: true });

const STATUS_LOOKS = {
  pending: turning("text-status-pending", "Queued"),
  running: turning("text-status-running", "Working"),
  interrupting: still(Pause, "text-warning", "Stopping"),
  paused: still(Pause, "text-status-paused", "Needs you"),
  error: still(TriangleAlert, "text-status-error", "Failed"),
  waiting: still(Check, "text-status-waiting", "Idle"),
  completed: still(Check, "text-status-completed", "Done"),
} satisfies Record<ChatStatus, ChatIconLook>;

/** A status in words, as its icon has it. */
export const statusLabel = (status: ChatStatus): string => STATUS_LOOKS[status].label;

/** A busy subagent past its deadline, or long without a step: it may still end well, and has not. */
const STUCK_LOOK = still(Clock, "text-warning", "Stuck");

const PULL_REQUEST_LOOKS = {
  open: still(GitPullRequestArrow, "text-pr-open", "Pull request open"),
  draft: still(GitPullRequestDraft, "text-pr-draft", "Draft pull request"),
  merged: still(GitMerge, "text-pr-merged", "Pull request merged"),
  closed: still(GitPullRequestClosed, "text-pr-closed", "Pull request closed"),
} satisfies Record<PullRequestState, ChatIconLook>;

/** The pull request's icon, wherever it always shows. */
export function pullRequestLook(diff: PullRequestFacts | null): ChatIconLook | null {
  const state = pullRequestState(diff);
  return state && PULL_REQUEST_LOOKS[state];
}

/** The one icon of a chat: its pull request's while it rests in `waiting` or `completed`, else its status's or `stuck`. */
export function chatIconLook(
  chat: Pick<Chat, "status"> & { diff_status: PullRequestFacts | null; stuck?: boolean },
): ChatIconLook {
  if (chat.stuck) return STUCK_LOOK;
  const rests = chat.status === "waiting" || chat.status === "completed";
  return (rests && pullRequestLook(chat.diff_status)) || STATUS_LOOKS[chat.status];
}

/** Draws a look, with its label for those who do not see it. */
export function ChatIcon({ look, className }: { look: ChatIconLook; className?: string }) {
  const Icon = look.icon;
  return (
    <>
      <Icon aria-hidden className={clsx(look.color, look.isTurning && "icon-turning", className)} />
      <span className="hidden-text">{look.label}</span>
    </>
  );
}
