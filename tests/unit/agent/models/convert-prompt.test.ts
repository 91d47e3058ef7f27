import { describe, expect, test } from "vitest";
import { addCacheMarks, convertPrompt, quoteFile } from "@/lib/agent/models/convert-prompt";
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
  const thought = (provider: string, metadata: object): StoredPart => ({
    type: "reasoning",
    text: "hm",
    provider_metadata: { [provider]: { ...metadata } },
  });
  const encrypted = thought("openai", { itemId: "rs_1", reasoningEncryptedContent: "gAAAA" });
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
    ["encrypted, to OpenAI", encrypted, "openai", true],
    ["encrypted by OpenAI, to Azure", encrypted, "azure", false],
    ["encrypted, to Azure", thought("azure", { itemId: "rs_1", reasoningEncryptedContent: "gAAAA" }), "azure", true],
    ["cut off before it was encrypted, to OpenAI", thought("openai", { itemId: "rs_1" }), "openai", false],
    ["signed, to Google", thought("google", { thoughtSignature: "s" }), "google", true],
    ["without a signature, to Google", thought("google", {}), "google", false],
    ["signed, to Bedrock", thought("bedrock", { signature: "s" }), "bedrock", true],
    ["cut off before its signature, to Bedrock", thought("bedrock", {}), "bedrock", false],
    ["signed by Anthropic itself, to Bedrock", signed, "bedrock", false],
    ["of OpenRouter, to itself in the same turn", thought("openrouter", {}), "openrouter", true],
  ] as const)("%s: %o", (_, part, provider, expected) => {
    expect(has(part, provider)).toBe(expected);
  });

  test("of a compatible server is not sent again in a later turn, Anthropic's is", () => {
    expect(has(compatible, "openai-compat", [user(text("more"))])).toBe(false);
    expect(has(signed, "anthropic", [user(text("more"))])).toBe(true);
  });
});

test("OpenAI's summary of several parts goes back whole, since the last part has the content", () => {
  const part = (words: string, content: string | null): StoredPart => ({
    type: "reasoning",
    text: words,
    provider_metadata: { openai: { itemId: "rs_1", reasoningEncryptedContent: content } },
  });
  const [, answer] = convert([user(text("go")), assistant(part("a", null), part("b", "gAAAA"), call("c"))]);
  expect(answer?.content).toMatchObject([{ text: "a" }, { text: "b" }, { type: "tool-call" }]);
});

test("OpenAI's reasoning that nothing follows is left out", () => {
  const metadata = { openai: { itemId: "rs_1", reasoningEncryptedContent: "gAAAA" } };
  const alone = assistant({ type: "reasoning", text: "hm", provider_metadata: metadata });
  expect(convert([user(text("go")), alone, user(text("on"))]).map(({ role }) => role)).toEqual(["user", "user"]);
});

test("OpenRouter's reasoning goes back beside the message, in the turn it came from", () => {
  const details = [{ type: "reasoning.text", text: "hm", signature: "s" }];
  const thought: StoredPart = {
    type: "reasoning",
    text: "hm",
    provider_metadata: { openrouter: { reasoningDetails: details } },
  };
  const turn = [user(text("go")), assistant(thought, call("c"))];
  expect(convert(turn, "openrouter")[1]).toMatchObject({
    content: [{ type: "tool-call" }],
    providerOptions: { openaiCompatible: { reasoning_details: details } },
  });
  expect(JSON.stringify(convert([...turn, user(text("more"))], "openrouter"))).not.toContain("reasoning");
});

test("a text's phase and signature go back to the provider that gave them", () => {
  const said: StoredPart = { type: "text", text: "hi", provider_metadata: { google: { thoughtSignature: "s" } } };
  const options = (provider: string) => convert([user(text("go")), assistant(said)], provider)[1]?.content;
  expect(options("google")).toMatchObject([{ providerOptions: { google: { thoughtSignature: "s" } } }]);
  expect(options("openai")).toEqual([{ type: "text", text: "hi" }]);
});

test("cache marks are on the system message and the last two", () => {
  const messages = [user(text("1")), assistant(text("2")), user(text("3"))];
  const prompt = addCacheMarks(convert(messages, "anthropic", ["system"]), { anthropic: { cacheControl: {} } });
  expect(prompt.map(({ providerOptions }) => providerOptions !== undefined)).toEqual([true, false, true, true]);
});
