import { expect, test } from "vitest";
import { splitCalls } from "@/lib/agent/split-calls";
import type { ToolCall } from "@/lib/agent/types";
import type { PauseReason } from "@/lib/contract/chats";

const REASONS: Record<string, PauseReason> = { ask: "question", plan: "plan", mine: "tool_results" };
const call = (tool_name: string): ToolCall => ({ type: "tool-call", tool_call_id: tool_name, tool_name, args: {} });
const split = (...names: string[]) => {
  const { running, waiting, reason } = splitCalls(names.map(call), {
    pauseFor: ({ tool_name }) => REASONS[tool_name] ?? null,
  });
  const ids = (calls: ToolCall[]) => calls.map(({ tool_call_id }) => tool_call_id);
  return [ids(running), ids(waiting), reason];
};

test("one kind of call waits at a time: the caller's work, then questions, then plans", () => {
  expect(split("run", "look")).toEqual([["run", "look"], [], null]);
  expect(split("run", "ask", "ask")).toEqual([["run"], ["ask", "ask"], "question"]);
  expect(split("plan", "ask", "run")).toEqual([["plan", "run"], ["ask"], "question"]);
  expect(split("ask", "mine", "plan")).toEqual([["ask", "plan"], ["mine"], "tool_results"]);
  expect(split("plan")).toEqual([[], ["plan"], "plan"]);
});
