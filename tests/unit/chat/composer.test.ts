import { describe, expect, test } from "vitest";
import { parseAnsiLine } from "@/components/chat/ansi";
import { findCommand, toSuggestions } from "@/components/chat/composer-commands";
import { chooseModel } from "@/components/chat/model-choice";
import { collectPrompts, stepPrompt } from "@/components/chat/prompt-history";
import { safeLink } from "@/components/chat/safe-link";
import type { AvailableModel } from "@/lib/contract/models";

const model = (id: string, overrides: Partial<AvailableModel> = {}): AvailableModel => ({
  id,
  provider_id: "p",
  provider: "anthropic",
  provider_name: "Anthropic",
  model: id,
  display_name: id,
  context_limit: 200_000,
  is_default: false,
  available: true,
  unavailable_reason: null,
  unpriced: false,
  options: {},
  ...overrides,
});
const nobody = { picked: null, ofChat: null, remembered: null };

describe("which model a message goes to", () => {
  const models = [model("a"), model("b", { is_default: true }), model("c"), model("off", { available: false })];
  test.each([
    [{ ...nobody, picked: "c", ofChat: "a", remembered: "a" }, "c"],
    [{ ...nobody, ofChat: "a", remembered: "c" }, "a"],
    [{ ...nobody, remembered: "c" }, "c"],
    [nobody, "b"],
    [{ ...nobody, picked: "off" }, "b"],
    [{ ...nobody, ofChat: "gone" }, "b"],
  ])("%o gives %s", (choice, id) => {
    expect(chooseModel({ models, ...choice })?.id).toBe(id);
  });

  test("none when none can be used", () => {
    expect(chooseModel({ models: [model("off", { available: false })], ...nobody })).toBeUndefined();
  });
});

describe("prompt history", () => {
  const prompts = collectPrompts(["one", "two", "one ", ""]);

  test("newest first, each text once, none empty", () => {
    expect(prompts).toEqual(["one", "two"]);
  });

  test("steps to older ones, stops at the oldest and comes back to what was typed", () => {
    expect(stepPrompt({ index: -1, prompts }, "older")).toEqual({ index: 0, text: "one" });
    expect(stepPrompt({ index: 1, prompts }, "older")).toBeUndefined();
    expect(stepPrompt({ index: 0, prompts }, "newer")).toEqual({ index: -1, text: "" });
    expect(stepPrompt({ index: -1, prompts }, "newer")).toBeUndefined();
  });
});

test.each([
  ["https://example.com/a", true],
  ["http://example.com", true],
  ["mailto:a@example.com", true],
  ["javascript:alert(1)", false],
  ["data:text/html,x", false],
  ["file:///etc/passwd", false],
  ["/relative", false],
  ["//example.com", false],
  [undefined, false],
])("a link to %s is followed: %s", (address, isAllowed) => {
  expect(safeLink(address) !== undefined).toBe(isAllowed);
});

describe("terminal output", () => {
  test("colours become tokens and end where they end", () => {
    expect(parseAnsiLine("\u001b[31m×\u001b[0m failed")).toEqual([
      { text: "×", className: "text-danger" },
      { text: " failed", className: undefined },
    ]);
  });

  test("titles, cursor moves and control characters are dropped", () => {
    expect(parseAnsiLine("\u001b]0;title\u0007a\u001b[2Kb\u0000c")).toEqual([
      { text: "a", className: undefined },
      { text: "bc", className: undefined },
    ]);
  });

  test("a carriage return starts the line anew", () => {
    expect(parseAnsiLine("10 %\r20 %\r")).toEqual([{ text: "20 %", className: undefined }]);
  });
});

describe("what a slash offers", () => {
  const compact = { name: "compact", hint: "Summarise", run: async () => {} };

  test("commands, then the workspace's skills; a skill of a command's name gives way", () => {
    const skills = [
      { name: "review", description: "How changes are reviewed here" },
      { name: "compact", description: "Not the command" },
    ];
    expect(toSuggestions([compact], skills)).toEqual([
      { id: "/compact", label: "compact", hint: "Summarise" },
      { id: "/review", label: "review", hint: "How changes are reviewed here" },
    ]);
  });

  test("a command stands alone; with anything beside it, it is a message, as a skill is", () => {
    expect(findCommand([compact], " /compact ")).toBe(compact);
    expect(findCommand([compact], "/compact this")).toBeUndefined();
    expect(findCommand([compact], "/review")).toBeUndefined();
  });
});
