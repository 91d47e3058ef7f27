import { expect, test } from "vitest";
import type { LivePart } from "@/lib/contract/events";
import { type FoldedPart, foldPart, MAX_LIVE_OUTPUT, settleParts, unfoldPart } from "@/lib/contract/fold-parts";

const fold = (parts: LivePart[]): FoldedPart[] =>
  parts.reduce<FoldedPart[]>((folded, part) => foldPart(folded, "assistant", part), []);

const answer: LivePart[] = [
  { type: "reasoning", delta: "First " },
  { type: "reasoning", delta: "look." },
  { type: "text", delta: "Look" },
  { type: "text", delta: "ing." },
  { type: "tool-call", tool_call_id: "a", tool_name: "execute", args_delta: '{"command"' },
  { type: "tool-call", tool_call_id: "b", tool_name: "read_file", args_delta: '{"path":"x"}' },
  { type: "tool-call", tool_call_id: "a", tool_name: "execute", args_delta: ':"ls"}' },
  { type: "text", delta: "After." },
  { type: "source", url: "https://example.com/", title: "Example" },
];

test("neighbouring text joins, calls are found by their id", () => {
  expect(settleParts(fold(answer))).toEqual([
    { type: "reasoning", text: "First look." },
    { type: "text", text: "Looking." },
    { type: "tool-call", tool_call_id: "a", tool_name: "execute", args: { command: "ls" } },
    { type: "tool-call", tool_call_id: "b", tool_name: "read_file", args: { path: "x" } },
    { type: "text", text: "After." },
    { type: "source", url: "https://example.com/", title: "Example" },
  ]);
});

test("folding what was unfolded gives the same, at every point of an answer", () => {
  for (let length = 0; length <= answer.length; length += 1) {
    const folded = fold(answer.slice(0, length));
    expect(fold(folded.map(unfoldPart))).toEqual(folded);
    expect(folded.length).toBeLessThanOrEqual(length);
  }
});

test("a call that is cut keeps the raw text of its arguments", () => {
  const [part] = settleParts(
    fold([{ type: "tool-call", tool_call_id: "a", tool_name: "execute", args_delta: '{"com' }]),
  );
  expect(part).toMatchObject({ args: '{"com' });
});

test("live output gives way to the result; a result that never came is left out", () => {
  const running: LivePart[] = [
    { type: "tool-result", tool_call_id: "a", tool_name: "execute", result_delta: "one\n" },
    { type: "tool-result", tool_call_id: "a", tool_name: "execute", result_delta: "two\n" },
  ];
  expect(fold(running)).toMatchObject([{ output: "one\ntwo\n", is_finished: false }]);
  expect(settleParts(fold(running))).toEqual([]);
  const finished = fold([
    ...running,
    {
      type: "tool-result",
      tool_call_id: "a",
      tool_name: "execute",
      result: { exit_code: 0 },
      is_error: false,
      duration_ms: 5,
    },
  ]);
  expect(settleParts(finished)).toEqual([
    {
      type: "tool-result",
      tool_call_id: "a",
      tool_name: "execute",
      result: { exit_code: 0 },
      is_error: false,
      duration_ms: 5,
    },
  ]);
});

test("live output keeps its end only, however it is cut", () => {
  const line = (delta: string): LivePart => ({
    type: "tool-result",
    tool_call_id: "a",
    tool_name: "x",
    result_delta: delta,
  });
  const text = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join("");
  const whole = fold([line(text)]);
  const cut = fold([line(text.slice(0, 70_000)), line(text.slice(70_000, 70_001)), line(text.slice(70_001))]);
  expect(cut).toEqual(whole);
  expect(whole).toMatchObject([{ output: text.slice(-MAX_LIVE_OUTPUT) }]);
});

test("parts that did not change keep their identity", () => {
  const before = fold(answer);
  const after = foldPart(before, "assistant", { type: "text", delta: "more" });
  expect(after.slice(0, -1)).toEqual(before);
  for (const [index, part] of before.entries()) expect(after[index]).toBe(part);
});
