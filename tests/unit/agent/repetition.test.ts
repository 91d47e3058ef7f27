import { describe, expect, test } from "vitest";
import { findRepetition } from "@/lib/agent/repetition";
import type { PromptMessage } from "@/lib/agent/types";
import { toolCall } from "@/tests/support/scripted-turn";

const user: PromptMessage = { role: "user", parts: [{ type: "text", text: "go" }] };
let ids = 0;
/** One step: a call and its result. */
function step(name: string, args: unknown, result: unknown): PromptMessage[] {
  const id = `call-${ids++}`;
  return [
    { role: "assistant", parts: [{ type: "text", text: `try ${id}` }, toolCall(id, name, args)] },
    { role: "tool", parts: [{ type: "tool-result", tool_call_id: id, tool_name: name, result, is_error: false }] },
  ];
}
const times = (count: number, make: (index: number) => PromptMessage[]) =>
  Array.from({ length: count }, (_, index) => make(index)).flat();
const run = (result: unknown, args: unknown = { command: "make" }) => step("execute", args, result);

describe("a turn goes in circles", () => {
  test("when the same call gives the same result five times, whatever the clock and the ids say", () => {
    const same = (index: number) => run({ output: "error", exit_code: 2, wall_duration_ms: index });
    expect(findRepetition([user, ...times(4, same)])).toBeNull();
    expect(findRepetition([user, ...times(5, same)])).toEqual(["execute"]);
  });

  test("when two or three steps take turns", () => {
    const round = () => [...run("a"), ...step("read_file", { path: "x" }, "same")];
    expect(findRepetition([user, ...times(4, round)])).toBeNull();
    expect(findRepetition([user, ...times(5, round)])).toEqual(["execute", "read_file"]);
  });
});

describe("a turn does not go in circles", () => {
  test.each([
    ["when a result differs", [...times(4, () => run("a")), ...run("b")]],
    ["when the arguments differ", times(5, (index) => run("a", { command: `make ${index}` }))],
    [
      "when other work is between",
      [...times(4, () => run("a")), ...step("write_file", { path: "y" }, "ok"), ...run("a")],
    ],
    ["when it waits for something that runs", times(100, () => step("process_output", { process_id: "p" }, "running"))],
    ["when the person has spoken since", [...times(4, () => run("a")), user, ...run("a")]],
  ])("%s", (_when, messages) => {
    expect(findRepetition([user, ...messages])).toBeNull();
  });

  test("for ever: waiting has an end too", () => {
    const wait = () => step("process_output", { process_id: "p" }, "running");
    expect(findRepetition([user, ...times(200, wait)])).toEqual(["process_output"]);
  });
});
