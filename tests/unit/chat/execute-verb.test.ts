import { expect, test } from "vitest";
import { executeVerb } from "@/components/chat/tools/execute-verb";
import {
  INTERRUPTED_RESULT,
  interruptedResult,
  MAX_KEPT_OUTPUT,
  readInterruptedResult,
} from "@/lib/contract/interrupted-call";

test("a command that a person stopped is not said not to have run", () => {
  expect(executeVerb({ state: "running", result: undefined }, false)).toBe("Running");
  expect(executeVerb({ state: "failed", result: INTERRUPTED_RESULT }, false)).toBe("Stopped");
  expect(executeVerb({ state: "failed", result: interruptedResult("1 of 2") }, false)).toBe("Stopped");
  expect(executeVerb({ state: "failed", result: "The workspace was deleted." }, false)).toBe("Failed");
  expect(executeVerb({ state: "done", result: { exit_code: 1 } }, false)).toBe("Ran");
  expect(executeVerb({ state: "done", result: {} }, true)).toBe("Started");
});

test("of what a stopped call had printed its result keeps the end", () => {
  expect(interruptedResult(" \n")).toBe(INTERRUPTED_RESULT);
  expect(readInterruptedResult(INTERRUPTED_RESULT)).toEqual({ output: "" });
  expect(readInterruptedResult(interruptedResult("a\nb\n"))).toEqual({ output: "a\nb\n" });
  const long = readInterruptedResult(interruptedResult(`${"x".repeat(100_000)}end`))?.output ?? "";
  expect(long).toHaveLength(MAX_KEPT_OUTPUT);
  expect(long).toMatch(/^…x+end$/);
  for (const other of ["The workspace was deleted.", undefined, { output: "a" }]) {
    expect(readInterruptedResult(other)).toBeUndefined();
  }
});
