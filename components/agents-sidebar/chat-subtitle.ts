import { assertNever } from "@/lib/assert-never";
import type { Chat, PauseReason } from "@/lib/contract/chats";

export type ChatSubtitle = { text: string; tone: "danger" | "warning" | "muted" };

const PAUSE_TEXTS = {
  question: "Asks a question",
  plan: "Waits for approval of its plan",
  tool_results: "Waits for results from outside",
  spend_limit: "Paused at the spend limit",
} satisfies Record<PauseReason, string>;

/**
 * Second line of a row: what failed, what it asks, which subagent is stuck and not seen, what it does, what it last did,
 * else its model.
 */
export function chatSubtitle(
  chat: Pick<Chat, "status" | "pause_reason" | "last_error" | "last_turn_summary" | "progress">,
  modelName: string | undefined,
  stuckSubagent?: string,
): ChatSubtitle {
  const muted = (text: string): ChatSubtitle => ({ text, tone: "muted" });
  if (stuckSubagent !== undefined && chat.status !== "error" && chat.status !== "paused") {
    return { text: `Stuck: ${stuckSubagent}`, tone: "warning" };
  }
  switch (chat.status) {
    case "error":
      return { text: chat.last_error?.message ?? "Failed", tone: "danger" };
    case "paused":
      return { text: chat.pause_reason ? PAUSE_TEXTS[chat.pause_reason] : "Needs you", tone: "warning" };
    case "pending":
      return muted("Waits for a worker");
    case "running":
      return muted(chat.progress?.doing ?? (modelName ? `${modelName} is working` : "Working"));
    case "interrupting":
      return muted("Stopping");
    case "waiting":
    case "completed":
      return muted(chat.last_turn_summary ?? modelName ?? "Default model");
    default:
      return assertNever(chat.status);
  }
}

/** Why the chat cannot be archived now; null when it can. The server refuses the same with a conflict. */
export function archiveRefusal(chat: Chat): string | null {
  const isActive = ({ status }: Chat) =>
    status === "pending" || status === "running" || status === "interrupting" || status === "paused";
  if (isActive(chat)) return "Stop the agent first";
  return chat.children.some(isActive) ? "Stop its subagents first" : null;
}

/** `+A −D` belongs to a linked diff that changes something. */
export function hasDiffCounts(chat: Pick<Chat, "diff_status">): boolean {
  const diff = chat.diff_status;
  return Boolean(diff && (diff.url || diff.git_branch) && (diff.additions || diff.deletions || diff.changed_files));
}
