import { describe, expect, test } from "vitest";
import { boundSummary, summaryText, transcriptPrompt } from "@/lib/agent/summary";
import type { PromptMessage } from "@/lib/agent/types";
import { partsText } from "@/lib/contract/parts-text";

const row = (role: PromptMessage["role"], text: string): PromptMessage => ({ role, parts: [{ type: "text", text }] });
const transcript = (messages: PromptMessage[], maxCharacters: number) => {
  const [only, ...others] = transcriptPrompt(messages, maxCharacters);
  expect(others).toEqual([]);
  expect(only?.role).toBe("user");
  return partsText(only!.parts as { type: "text"; text: string }[]);
};

describe("a summary", () => {
  test("is kept whole up to a quarter of the window; a longer one is cut and says so", () => {
    expect(boundSummary("  short \n", 8_000)).toBe("short");
    expect(boundSummary("x".repeat(8_000), 8_000)).toHaveLength(8_000);
    const cut = boundSummary("x".repeat(100_000), 8_000);
    expect(cut.length).toBeLessThan(8_200);
    expect(cut).toContain("cut here");
    expect(boundSummary(" \n ", 8_000)).toBe("");
  });

  test("stands with the goal and the latest message, word for word, the same one once", () => {
    const both = summaryText({ summary: "S.", goal: "Fix the bug in `a < b`.", latest: "Also the tests." });
    expect(both).toContain("<task>\nFix the bug in `a < b`.\n</task>");
    expect(both).toContain("<latest>\nAlso the tests.\n</latest>");
    expect(both).toContain("<summary>\nS.\n</summary>");
    expect(summaryText({ summary: "S.", goal: "One.", latest: "One." })).not.toContain("<latest>");
    expect(summaryText({ summary: "S.", goal: "", latest: "" })).not.toContain("<task>");
    expect(summaryText({ summary: "S.", goal: "g".repeat(100_000), latest: "" }).length).toBeLessThan(9_000);
  });
});

describe("a transcript", () => {
  test("keeps the first message and the newest, in order, and says what it left out", () => {
    const messages = [
      row("user", "the goal"),
      ...Array.from({ length: 50 }, (_, n) => row("assistant", `step ${n} ${"x".repeat(90)}`)),
    ];
    const text = transcript(messages, 1_000);
    expect(text).toContain("the goal");
    expect(text).toContain("older entries are left out");
    expect(text).toContain("step 49");
    expect(text).not.toContain("step 0 ");
    expect(text.indexOf("step 48")).toBeLessThan(text.indexOf("step 49"));
  });

  test("keeps beginning and end of a long entry, and fits whatever it is given", () => {
    const huge = transcript([row("user", `start${"x".repeat(50_000)}end`), row("tool", "y".repeat(50_000))], 4_000);
    expect(huge).toContain("start");
    expect(huge).toContain("end");
    expect(huge.length).toBeLessThan(6_500);
  });
});
