/**
 * All tool calls of a step at once: each published as it ends, the results in call order.
 * Commits nothing and knows no tool.
 */
import type { Clock } from "@/lib/clock";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import type { Emit, ToolCall, ToolPort, ToolResult } from "./types";

type RunCalls = {
  calls: ToolCall[];
  /** Another runner may have started them. */
  adopt: boolean;
  tools: ToolPort;
  clock: Clock;
  signal: AbortSignal;
  emit: Emit;
};

/** Never throws: a tool that does becomes an error result. Aborted: `complete` is false and only the ended calls have results. */
export async function runCalls(options: RunCalls): Promise<{ complete: boolean; results: ToolResult[] }> {
  const { calls, signal } = options;
  const results: (ToolResult | undefined)[] = calls.map(() => undefined);
  const all = Promise.all(
    calls.map(async (call, index) => {
      const result = await runCall(call, options);
      if (!signal.aborted) results[index] = result;
    }),
  );
  await endedOrAborted(all, signal);
  const ended = results.filter((result) => result !== undefined);
  return { complete: !signal.aborted && ended.length === calls.length, results: ended };
}

async function runCall(call: ToolCall, { adopt, tools, clock, signal, emit }: RunCalls): Promise<ToolResult> {
  const { tool_call_id, tool_name } = call;
  const startedAt = clock.now();
  let live = true;
  const onOutput = (delta: string) => {
    if (live && !signal.aborted) emit("tool", { type: "tool-result", tool_call_id, tool_name, result_delta: delta });
  };
  const outcome = await tools.run(call, { signal, adopt, onOutput }).catch(errorOutcome);
  live = false;
  const result: ToolResult = {
    type: "tool-result",
    tool_call_id,
    tool_name,
    result: outcome.result,
    is_error: outcome.is_error,
    duration_ms: outcome.duration_ms ?? Math.round(clock.now() - startedAt),
    ...(call.provider_tool_call_id !== undefined && { provider_tool_call_id: call.provider_tool_call_id }),
  };
  if (!signal.aborted) emit("tool", livePart(result));
  return result;
}

const livePart = ({ provider_tool_call_id: _, ...part }: ToolResult) => part;

const errorOutcome = (error: unknown): ToolOutcome => ({
  result: `The tool failed: ${error instanceof Error ? error.message : String(error)}`,
  is_error: true,
});

/** A tool that does not listen to the signal must not hold the turn up. */
function endedOrAborted(all: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener("abort", done);
      resolve();
    };
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
    void all.then(done);
  });
}
