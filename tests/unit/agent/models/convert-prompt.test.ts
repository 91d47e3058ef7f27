import { describe, expect, test } from "vitest";
import { convertPrompt, quoteFile } from "@/lib/agent/models/convert-prompt";
import type { PromptMessage } from "@/lib/agent/types";
import type { StoredPart } from "@/lib/contract/messages";

const text = (words: string): StoredPart => ({ type: "text", text: words });
const call = (id: string, more: object = {}): StoredPart => ({
  type: "tool-call",
  tool_call_id: id,
  tool_name: "execute",
  args: { command: "ls" },
  ...more,
});
const result = (id: string, value: unknown = "ok", isError = false): StoredPart => ({
  type: "tool-result",
  tool_call_id: id,
  tool_name: "execute",
  result: value,
  is_error: isError,
});
const user = (...parts: StoredPart[]): PromptMessage => ({ role: "user", parts });
const assistant = (...parts: StoredPart[]): PromptMessage => ({ role: "assistant", parts });
const tool = (...parts: StoredPart[]): PromptMessage => ({ role: "tool", parts });

const convert = (messages: PromptMessage[], provider = "openai", system: string[] = []) =>
  convertPrompt({ system, messages, tools: [] }, provider);
const idsOf = (prompt: ReturnType<typeof convert>) =>
  prompt.flatMap(({ content }) =>
    typeof content === "string" ? [] : content.flatMap((part) => ("toolCallId" in part ? [part.toolCallId] : [])),
  );

describe("messages", () => {
  test("system sections and system rows are one message, first", () => {
    const messages: PromptMessage[] = [user(text("hi")), { role: "system", parts: [text("row")] }];
    expect(convert(messages, "openai", ["one", "", "two"])[0]).toEqual({
      role: "system",
      content: "one\n\ntwo\n\nrow",
    });
  });

  test("white space alone is left out, and a message of it too", () => {
    expect(convert([user(text("hi")), assistant(text(" \n")), user(text(""), text("on"))])).toEqual([
      { role: "user", content: [{ type: "text", text: "hi" }] },
      { role: "user", content: [{ type: "text", text: "on" }] },
    ]);
  });

  test("stored messages are not changed", () => {
    const messages = [user(text("hi")), assistant(call("a")), tool(result("a"))];
    const before = structuredClone(messages);
    convert(messages, "anthropic");
    expect(messages).toEqual(before);
  });

  test("quoted code is a block with its place, which its content cannot end", () => {
    const part = { type: "file-reference" as const, file_name: "a.md", start_line: 3, end_line: 4, content: "````\nx" };
    expect(quoteFile(part)).toBe("Quoted from a.md, lines 3-4:\n`````\n````\nx\n`````");
    expect(convert([user(part)])[0]?.content).toEqual([{ type: "text", text: quoteFile(part) }]);
  });

  test("a file is named, since its content cannot be shown", () => {
    const file: StoredPart = { type: "file", file_id: "1", media_type: "image/png", name: "shot.png" };
    expect(JSON.stringify(convert([user(file)]))).toContain("shot.png");
  });
});

describe("tool calls", () => {
  test("are followed by their results in call order, however those are stored", () => {
    const prompt = convert([
      user(text("go")),
      assistant(call("a"), call("b")),
      tool(result("b")),
      tool(result("a", "bad", true)),
    ]);
    expect(prompt.at(-1)).toEqual({
      role: "tool",
      content: [
        { type: "tool-result", toolCallId: "a", toolName: "execute", output: { type: "error-text", value: "bad" } },
        { type: "tool-result", toolCallId: "b", toolName: "execute", output: { type: "text", value: "ok" } },
      ],
    });
  });

  test("without a result get one that says so", () => {
    const prompt = convert([user(text("go")), assistant(call("a")), user(text("and?"))]);
    expect(prompt.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
    expect(JSON.stringify(prompt[2])).toContain("error-text");
  });

  test("results without a call are dropped", () => {
    expect(convert([user(text("go")), tool(result("x")), assistant(text("ok"))]).map(({ role }) => role)).toEqual([
      "user",
      "assistant",
    ]);
  });

  test("results are sent as text, nothing as a word", () => {
    const prompt = convert([
      user(text("go")),
      assistant(call("a"), call("b")),
      tool(result("a", { exit_code: 0 }), result("b", "")),
    ]);
    expect(prompt.at(-1)?.content).toMatchObject([
      { output: { type: "text", value: '{"exit_code":0}' } },
      { output: { type: "text", value: "(empty)" } },
    ]);
  });

  test("arguments that were not JSON go back as the model sent them", () => {
    const prompt = convert([user(text("go")), assistant(call("a", { args: '{"command": "l' })), tool(result("a"))]);
    expect(prompt[1]?.content).toMatchObject([{ input: { not_valid_json: '{"command": "l' } }]);
  });

  test("keep the provider's id where it is portable and the first of its name", () => {
    const messages = [
      user(text("go")),
      assistant(
        call("ours1", { provider_tool_call_id: "call_0" }),
        call("ours2", { provider_tool_call_id: "no/good" }),
      ),
      tool(result("ours1"), result("ours2")),
      assistant(call("ours3", { provider_tool_call_id: "call_0" })),
      tool(result("ours3")),
    ];
    expect(idsOf(convert(messages))).toEqual(["call_0", "ours2", "call_0", "ours2", "ours3", "ours3"]);
  });

  test("the prompt of a step begins with the prompt of the step before", () => {
    const first = [user(text("go")), assistant(call("a", { provider_tool_call_id: "call_0" })), tool(result("a"))];
    const second = [...first, assistant(call("b", { provider_tool_call_id: "call_0" })), tool(result("b"))];
    const before = convert(first, "openai", ["system"]);
    expect(convert(second, "openai", ["system"]).slice(0, before.length)).toEqual(before);
  });
});

describe("reasoning", () => {
  const signed: StoredPart = { type: "reasoning", text: "hm", provider_metadata: { anthropic: { signature: "s" } } };
  const unsigned: StoredPart = { type: "reasoning", text: "hm", provider_metadata: { anthropic: {} } };
  const compatible: StoredPart = { type: "reasoning", text: "hm", provider_metadata: { "openai-compat": {} } };
  const has = (part: StoredPart, provider: string, later: PromptMessage[] = []) =>
    JSON.stringify(convert([user(text("go")), assistant(part, text("hi")), ...later], provider)).includes(
      '"reasoning"',
    );

  test.each([
    ["signed, to Anthropic", signed, "anthropic", true],
    ["cut off before its signature, to Anthropic", unsigned, "anthropic", false],
    ["of another provider, to Anthropic", compatible, "anthropic", false],
    ["of Anthropic, to OpenAI", signed, "openai", false],
    ["of Anthropic, to a compatible server", signed, "openai-compat", false],
    ["of a compatible server, to itself in the same turn", compatible, "openai-compat", true],
  ] as const)("%s: %o", (_, part, provider, expected) => {
    expect(has(part, provider)).toBe(expected);
  });

  test("of a compatible server is not sent again in a later turn, Anthropic's is", () => {
    expect(has(compatible, "openai-compat", [user(text("more"))])).toBe(false);
    expect(has(signed, "anthropic", [user(text("more"))])).toBe(true);
  });
});

test("Anthropic's cache marks are on the system message and the last two", () => {
  const prompt = convert([user(text("1")), assistant(text("2")), user(text("3"))], "anthropic", ["system"]);
  expect(prompt.map(({ providerOptions }) => providerOptions !== undefined)).toEqual([true, false, true, true]);
});

test("other providers get no marks", () => {
  expect(JSON.stringify(convert([user(text("1"))], "openai", ["system"]))).not.toContain("cacheControl");
});
