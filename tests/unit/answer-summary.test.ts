import { describe, expect, test } from "vitest";
import { summariseAnswer } from "@/lib/answer-summary";
import { cleanTitle } from "@/lib/models/title";
import { cleanLabel } from "@/lib/models/turn-summary";

test.each([
  ["I fixed the retry. It now waits.", "I fixed the retry."],
  ["# Done\n\n- **Changed** `retry.ts`, see [the file](a.ts).\n- More", "Changed retry.ts, see the file."],
  ["```ts\ncode();\n```\nThe tests pass!", "The tests pass!"],
  ["| a | b |\n|---|---|\n> quoted\n\nAll good", "All good"],
  ["Uses e.g. version 1.2 of it, nothing else. Next.", "Uses e.g. version 1.2 of it, nothing else."],
  ["This is what I did:\n\n1. x", "This is what I did"],
  ["Готово: всё работает. Дальше.", "Готово: всё работает."],
  ["```\nonly code\n```", null],
  ["", null],
  ["---\n🎉", null],
])("%j is summed up as %j", (markdown, summary) => {
  expect(summariseAnswer(markdown)).toBe(summary);
});

test("a long sentence ends at a word, counted in characters that people see", () => {
  const cut = summariseAnswer(`${"word ".repeat(100)}end.`, 50);
  expect(cut).toMatch(/word…$/);
  expect(Array.from(cut ?? "").length).toBeLessThanOrEqual(50);
  expect(Array.from(summariseAnswer("😀".repeat(10) + "ab ".repeat(100), 30) ?? "").length).toBeLessThanOrEqual(30);
});

describe("what a model says becomes", () => {
  test.each([
    ['"Fix flaky retry test."', "Fix flaky retry test"],
    ["**Title:** Add dark mode\n\nBecause…", "Add dark mode"],
    ["\n\n# Compare queues", "Compare queues"],
    ["  ", ""],
    ["long ".repeat(40), `${"long ".repeat(15).trim()}…`],
  ])("of %j the title %j", (said, title) => {
    expect(cleanTitle(said)).toBe(title);
  });

  test.each([
    ["Fixed flaky test.", "Fixed flaky test"],
    ["I fixed the test", null],
    ["The agent fixed it", null],
    ["Fixed it. Then more", null],
    ["a b c d e f g h i", null],
    ["", null],
  ])("of %j the label %j", (said, label) => {
    expect(cleanLabel(said)).toBe(label);
  });
});
