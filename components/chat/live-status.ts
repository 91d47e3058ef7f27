import type { ChatError, ChatStatus } from "@/lib/contract/chats";
import type { RetryState } from "@/lib/contract/events";
import type { LiveState } from "../live/live-connection";
import type { ChatState } from "./chat-state";
import { isBoundaryTool } from "./message-rows";

/** What the live row says; the first that applies. */
export type LiveStatus =
  | { kind: "signed-out" }
  | { kind: "retrying"; retry: RetryState }
  | { kind: "failed"; error: ChatError }
  | { kind: "reconnecting"; retryAtMs: number }
  | { kind: "stopping" }
  | { kind: "starting"; waitsFor: "worker" | "model" }
  | { kind: "streaming"; doing: "writing" | "thinking" | "calling" | "running tools" }
  /** The boundary in the transcript says so. */
  | { kind: "compacting" }
  | { kind: "idle" };

export const isActive = (status: ChatStatus): boolean =>
  status === "pending" || status === "running" || status === "interrupting";

export function deriveLiveStatus(state: ChatState, connection: LiveState): LiveStatus {
  const { status, retry, error } = state;
  if (connection.kind === "signed-out") return { kind: "signed-out" };
  if (retry && isActive(status)) return { kind: "retrying", retry };
  if (error && status === "error") return { kind: "failed", error };
  // A lost connection matters while there is something to miss.
  if (connection.kind === "reconnecting" && isActive(status)) {
    return { kind: "reconnecting", retryAtMs: connection.retryAtMs };
  }
  if (status === "interrupting") return { kind: "stopping" };
  if (status === "pending") return { kind: "starting", waitsFor: "worker" };
  if (status === "running") return deriveRunning(state);
  return { kind: "idle" };
}

function deriveRunning(state: ChatState): LiveStatus {
  const last = state.live.blocks.at(-1);
  if (last && "tool_name" in last && isBoundaryTool(last.tool_name)) return { kind: "compacting" };
  // Whitespace alone is nothing to look at yet.
  const isBlank = last && (last.type === "text" || last.type === "reasoning") && last.text.trim() === "";
  if (last && !isBlank) {
    if (last.type === "reasoning") return { kind: "streaming", doing: "thinking" };
    if (last.type === "tool-call") return { kind: "streaming", doing: "calling" };
    if (last.type === "tool-result") return { kind: "streaming", doing: "running tools" };
    return { kind: "streaming", doing: "writing" };
  }
  if (hasOpenCalls(state)) return { kind: "streaming", doing: "running tools" };
  return { kind: "starting", waitsFor: "model" };
}

/** Whether the newest row is an answer whose calls have no results yet. */
function hasOpenCalls(state: ChatState): boolean {
  const last = state.messages.at(-1);
  return last?.role === "assistant" && last.content.some((part) => part.type === "tool-call");
}
