import type { LiveToolResult, ToolRow } from "../timeline-rows";

/** What the chat does, as far as a call without a result is concerned. */
export type ChatPhase = "active" | "paused" | "idle";

/**
 * `waiting`: the agent is paused, for this call or for another of its step. `lost`: the call ended without a result
 * that is known, for example when the agent was stopped.
 */
export type ToolState = "running" | "waiting" | "done" | "failed" | "lost";

/** Everything a tool's renderer draws from. */
export type ToolCall = {
  toolCallId: string;
  toolName: string;
  args: unknown;
  state: ToolState;
  /** The result; undefined while running and when it was lost. */
  result: unknown;
  durationMs: number | undefined;
  /** Live output so far; empty once the result is there. */
  liveOutput: string;
};

/** Joins the stored row with what the stream has shown of its result. */
export function createToolCall(row: ToolRow, live: LiveToolResult | undefined, phase: ChatPhase): ToolCall {
  const { toolCallId, toolName, args } = row;
  const base = { toolCallId, toolName, args, liveOutput: "" };
  if (row.result) {
    const { value, isError, durationMs } = row.result;
    return { ...base, state: isError ? "failed" : "done", result: value, durationMs };
  }
  if (live?.is_finished) {
    return { ...base, state: live.is_error ? "failed" : "done", result: live.result, durationMs: live.duration_ms };
  }
  return {
    ...base,
    state: openState(row, live, phase),
    result: undefined,
    durationMs: undefined,
    liveOutput: live?.output ?? "",
  };
}

function openState(row: ToolRow, live: LiveToolResult | undefined, phase: ChatPhase): ToolState {
  if (phase === "paused" && row.isNewest) return "waiting";
  return live !== undefined || (row.isNewest && phase === "active") ? "running" : "lost";
}
