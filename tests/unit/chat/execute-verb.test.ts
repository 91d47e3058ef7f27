import { expect, test } from "vitest";
import { executeVerb } from "@/components/chat/tools/execute-verb";
import { INTERRUPTED_RESULT } from "@/lib/contract/interrupted-call";

test("a command that a person stopped is not said not to have run", () => {
  expect(executeVerb({ state: "running", result: undefined }, false)).toBe("Running");
  expect(executeVerb({ state: "failed", result: INTERRUPTED_RESULT }, false)).toBe("Stopped");
  expect(executeVerb({ state: "failed", result: "The workspace was deleted." }, false)).toBe("Failed");
  expect(executeVerb({ state: "done", result: { exit_code: 1 } }, false)).toBe("Ran");
  expect(executeVerb({ state: "done", result: {} }, true)).toBe("Started");
});
