import { expect, test } from "vitest";
import { describeActivity } from "@/lib/chats/activity";
import type { StoredPart } from "@/lib/contract/messages";

const call = (tool_name: string, args: unknown): StoredPart => ({
  type: "tool-call",
  tool_call_id: "1",
  tool_name,
  args,
});

test.each<[string, StoredPart[], string | null]>([
  ["an answer without calls does nothing", [{ type: "text", text: "Done." }], null],
  ["a call is its name and first text", [call("execute", { timeout: 3, command: "npm test" })], "execute: npm test"],
  ["only the first line counts", [call("execute", { command: "  ls\nrm x" })], "execute: ls"],
  ["more calls are counted", [call("a", {}), call("b", {}), call("c", {})], "a (and 2 more)"],
  ["arguments that were cut off say nothing", [call("execute", '{"comm')], "execute"],
  ["no arguments at all", [call("execute", null)], "execute"],
])("%s", (_name, parts, expected) => {
  expect(describeActivity(parts)).toBe(expected);
});

test("a long argument is cut to a line of 120 characters", () => {
  const text = describeActivity([call("execute", { command: "😀".repeat(500) }), call("b", {})]) ?? "";
  expect([...text]).toHaveLength(120);
  expect(text.isWellFormed()).toBe(true);
  expect(text).toMatch(/… \(and 1 more\)$/);
});
