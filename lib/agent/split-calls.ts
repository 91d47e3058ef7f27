/** Which calls of a step run, and which wait for somebody outside. Pure. */
import type { PauseReason } from "@/lib/contract/chats";
import type { ToolCall, ToolPort } from "./types";

/** One kind waits at a time; calls of the others are told to come again. Work goes before questions, those before plans. */
const ORDER: readonly PauseReason[] = ["tool_results", "question", "plan"];

export type SplitCalls = { running: ToolCall[]; waiting: ToolCall[]; reason: PauseReason | null };

export function splitCalls(calls: readonly ToolCall[], tools: Pick<ToolPort, "pauseFor">): SplitCalls {
  const reasons = calls.map((call) => tools.pauseFor(call));
  const reason = ORDER.find((each) => reasons.includes(each)) ?? null;
  const isWaiting = (_call: ToolCall, index: number) => reason !== null && reasons[index] === reason;
  return {
    running: calls.filter((call, index) => !isWaiting(call, index)),
    waiting: calls.filter(isWaiting),
    reason,
  };
}
