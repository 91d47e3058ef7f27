import { describe, expect, test } from "vitest";
import { contextTokens, decideCompaction, estimateTokens, tokensAfterCall } from "@/lib/agent/context-use";
import type { PromptMessage } from "@/lib/agent/types";
import { toolCall, USAGE } from "@/tests/support/scripted-turn";

const user = (text: string): PromptMessage => ({ role: "user", parts: [{ type: "text", text }] });
const answer = (tokensAfter: number | null = null): PromptMessage => ({
  role: "assistant",
  parts: [toolCall("a")],
  tokensAfter,
});
const result = (text: string): PromptMessage => ({
  role: "tool",
  parts: [{ type: "tool-result", tool_call_id: "a", tool_name: "work", result: text, is_error: false }],
});
const summary: PromptMessage = { ...user("so far"), isSummary: true };
const prompt = (messages: PromptMessage[]) => contextTokens({ system: [], messages, tools: [] });

describe("the size of the next prompt", () => {
  test("is what the last call read and wrote, caches included, plus an estimate of what came after it", () => {
    const usage = { ...USAGE, input_tokens: 10, cache_read_tokens: 900, cache_creation_tokens: 50, output_tokens: 40 };
    expect(tokensAfterCall(usage)).toBe(1_000);
    expect(prompt([user("x".repeat(4_000)), answer(1_000), result("y".repeat(400))])).toBe(1_100);
  });

  test("is estimated as a whole where no usage is known, from system prompt and tools too", () => {
    expect(tokensAfterCall({ ...USAGE, input_tokens: null })).toBeNull();
    expect(tokensAfterCall(null)).toBeNull();
    const tools = [{ name: "work", description: "x".repeat(400), inputSchema: {} }];
    const tokens = contextTokens({ system: ["s".repeat(400)], messages: [user("x".repeat(400)), answer()], tools });
    expect(tokens).toBeGreaterThan(300);
    expect(tokens).toBeLessThan(330);
  });

  test("counts an interrupted answer, whose usage nobody reported, by its length", () => {
    const partial: PromptMessage = {
      role: "assistant",
      parts: [{ type: "text", text: "z".repeat(80) }],
      tokensAfter: null,
    };
    expect(prompt([answer(500), result(""), partial])).toBe(
      500 + estimateTokens([...result("").parts, ...partial.parts]),
    );
  });
});

const worked = [user("go"), answer(1), result("r")];
const firstStep = [summary, answer(1), result("r")];
const laterStep = [summary, answer(1), result("r"), answer(1), result("r")];
const window = (thresholdPercent: number, limitTokens = 200_000) => ({ limitTokens, thresholdPercent });

describe("before a step", () => {
  test.each([
    ["below the threshold", worked, 139_999, window(70), 0, "none"],
    ["at the threshold", worked, 140_000, window(70), 0, "compact"],
    ["at a lower one for a large window", worked, 300_000, window(30, 1_000_000), 0, "compact"],
    ["at a threshold of 100, which is off", worked, 250_000, window(100), 0, "none"],
    ["with nothing but unanswered messages", [user("huge")], 190_000, window(70), 0, "none"],
    ["with nothing but a summary and unanswered messages", [summary, user("huge")], 190_000, window(70), 0, "none"],
    ["in the first step after a summary", firstStep, 150_000, window(70), 1, "compact"],
    ["in the first step after the third in a row", firstStep, 150_000, window(70), 3, "overflow"],
    ["in a later step after the third: that work did it", laterStep, 150_000, window(70), 3, "compact"],
    ["in the first step of a turn after a summary of the turn before", firstStep, 150_000, window(70), 0, "compact"],
  ] as const)("%s: %j tokens", (_when, messages, tokens, bounds, compactionCount, decision) => {
    expect(decideCompaction({ messages, tokens, bounds, compactionCount })).toBe(decision);
  });
});
