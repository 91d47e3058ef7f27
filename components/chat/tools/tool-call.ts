import type { LiveToolResult, ToolRow } from "../timeline";

/** `lost`: the call ended without a result that is known, for example when the agent was stopped. */
export type ToolState = "running" | "done" | "failed" | "lost";

/** Everything a tool's renderer draws from. */
export type ToolCall = {
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
export function createToolCall(row: ToolRow, live: LiveToolResult | undefined, isChatActive: boolean): ToolCall {
  const { toolName, args } = row;
  const base = { toolName, args, liveOutput: "" };
  if (row.result) {
    const { value, isError, durationMs } = row.result;
    return { ...base, state: isError ? "failed" : "done", result: value, durationMs };
  }
  if (live?.is_finished) {
    return { ...base, state: live.is_error ? "failed" : "done", result: live.result, durationMs: live.duration_ms };
  }
  const isRunning = live !== undefined || (row.isNewest && isChatActive);
  return {
    ...base,
    state: isRunning ? "running" : "lost",
    result: undefined,
    durationMs: undefined,
    liveOutput: live?.output ?? "",
  };
}
