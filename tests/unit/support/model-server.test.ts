import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { reply } from "@/tests/support/model-reply";
import { byPrompt, byStep, inOrder, type Script } from "@/tests/support/model-script";
import { type ModelServer, type ModelServerOptions, startModelServer } from "@/tests/support/model-server";

let server: ModelServer;
afterEach(() => server.close());

async function start(script: Script, options: Partial<ModelServerOptions> = {}) {
  server = await startModelServer({ script, ...options });
  const retries = { maxRetries: 0 };
  return {
    anthropic: new Anthropic({ apiKey: "key", baseURL: server.url, ...retries }),
    openai: new OpenAI({ apiKey: "key", baseURL: `${server.url}/v1`, ...retries }),
  };
}

const prompt = (content: string) => [{ role: "user" as const, content }];
const anthropicRequest = { model: "claude", max_tokens: 100, messages: prompt("hello") };
const openaiRequest = {
  model: "gpt",
  messages: prompt("hello"),
  stream: true as const,
  stream_options: { include_usage: true },
};

const everything = reply.answer(
  [
    { type: "reasoning", chunks: "Let me think." },
    { type: "text", chunks: "I will look." },
    { type: "tool_call", name: "read_file", args: { path: "a.txt" } },
    { type: "tool_call", name: "process_list" },
  ],
  { usage: { input: 10, output: 30, reasoning: 7, cacheRead: 200, cacheWrite5m: 40, cacheWrite1h: 50 } },
);

test("Anthropic's client reads thinking, text, tool calls and usage", async () => {
  const { anthropic } = await start(everything);

  const message = await anthropic.messages.stream(anthropicRequest).finalMessage();

  expect(message.content).toMatchObject([
    { type: "thinking", thinking: "Let me think.", signature: expect.stringMatching(/^sig-/) },
    { type: "text", text: "I will look." },
    { type: "tool_use", name: "read_file", input: { path: "a.txt" }, id: expect.stringMatching(/^toolu_/) },
    { type: "tool_use", name: "process_list", input: {} },
  ]);
  expect(message.stop_reason).toBe("tool_use");
  expect(message.usage).toMatchObject({
    input_tokens: 10,
    output_tokens: 30,
    cache_read_input_tokens: 200,
    cache_creation_input_tokens: 90,
    cache_creation: { ephemeral_5m_input_tokens: 40, ephemeral_1h_input_tokens: 50 },
  });
});

test("OpenAI's client reads text, tool calls and usage", async () => {
  const { openai } = await start(everything);

  const completion = await openai.chat.completions.stream(openaiRequest).finalChatCompletion();

  const choice = completion.choices[0];
  expect(choice?.message.content).toBe("I will look.");
  expect(choice?.finish_reason).toBe("tool_calls");
  expect(choice?.message.tool_calls).toMatchObject([
    { type: "function", function: { name: "read_file", arguments: '{"path":"a.txt"}' } },
    { type: "function", function: { name: "process_list", arguments: "{}" } },
  ]);
  expect(completion.usage).toMatchObject({
    prompt_tokens: 300,
    completion_tokens: 30,
    total_tokens: 330,
    prompt_tokens_details: { cached_tokens: 200 },
    completion_tokens_details: { reasoning_tokens: 7 },
  });
});

test("usage is left out when the client does not ask for it", async () => {
  const { openai } = await start(everything);

  const stream = await openai.chat.completions.create({ ...openaiRequest, stream_options: { include_usage: false } });

  for await (const chunk of stream) expect(chunk).not.toHaveProperty("usage");
});

test("both clients see an HTTP error as the vendor's own", async () => {
  const { anthropic, openai } = await start(reply.error(429, "rate_limit_error", "Slow down.", { "retry-after": "7" }));

  const fromAnthropic = await anthropic.messages
    .stream(anthropicRequest)
    .finalMessage()
    .catch((error) => error);
  const fromOpenai = await openai.chat.completions.create(openaiRequest).catch((error) => error);

  expect(fromAnthropic).toBeInstanceOf(Anthropic.RateLimitError);
  expect(fromAnthropic.error).toMatchObject({
    type: "error",
    error: { type: "rate_limit_error", message: "Slow down." },
  });
  expect(fromAnthropic.headers.get("retry-after")).toBe("7");
  expect(fromOpenai).toBeInstanceOf(OpenAI.RateLimitError);
  expect(fromOpenai.error).toMatchObject({ message: "Slow down.", type: "rate_limit_error" });
});

test("both clients see an error inside a stream", async () => {
  const earlyEnd = { type: "error", afterChunks: 2, errorType: "overloaded_error", message: "Overloaded" } as const;
  const { anthropic, openai } = await start(reply.text("one two three four", { earlyEnd }));

  const fromAnthropic = await anthropic.messages
    .stream(anthropicRequest)
    .finalMessage()
    .catch((error) => error);
  const fromOpenai = await openai.chat.completions
    .stream(openaiRequest)
    .finalChatCompletion()
    .catch((error) => error);

  expect(fromAnthropic).toBeInstanceOf(Anthropic.APIError);
  expect(fromAnthropic.message).toContain("overloaded_error");
  expect(fromOpenai).toBeInstanceOf(OpenAI.APIError);
  expect(fromOpenai.message).toContain("Overloaded");
});

test("both clients see a cut stream as a failure", async () => {
  const { anthropic, openai } = await start(reply.text("one two three", { earlyEnd: { type: "cut", afterChunks: 1 } }));

  await expect(anthropic.messages.stream(anthropicRequest).finalMessage()).rejects.toThrow();
  await expect(openai.chat.completions.stream(openaiRequest).finalChatCompletion()).rejects.toThrow();
});

test("a wrong key is refused as each vendor refuses it", async () => {
  const { anthropic, openai } = await start(reply.text("hi"), { apiKey: "another" });

  await expect(anthropic.messages.stream(anthropicRequest).finalMessage()).rejects.toBeInstanceOf(
    Anthropic.AuthenticationError,
  );
  await expect(openai.chat.completions.create(openaiRequest)).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
});

test("both clients list the models", async () => {
  const { anthropic, openai } = await start(reply.text("hi"), { models: ["m-1", "m-2"] });

  expect((await anthropic.models.list()).data.map(({ id }) => id)).toEqual(["m-1", "m-2"]);
  expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(["m-1", "m-2"]);
});

test("a tool call without its result is refused", async () => {
  const { anthropic } = await start(reply.text("hi"));
  const call = { type: "tool_use" as const, id: "toolu_1", name: "execute", input: {} };

  const refused = anthropic.messages
    .stream({ ...anthropicRequest, messages: [...prompt("go"), { role: "assistant", content: [call] }] })
    .finalMessage();

  await expect(refused).rejects.toThrow(/without `tool_result` blocks immediately after: toolu_1/);
});

test("scripts follow the step of each conversation and the prompt that began the turn", async () => {
  const looking = byStep([reply.toolCalls([{ name: "read_file", id: "toolu_9" }]), reply.text("It says 42.")]);
  const { anthropic } = await start(byPrompt([[/file/, looking]], reply.text("No file?")));
  const ask = (messages: Anthropic.MessageParam[]) =>
    anthropic.messages.stream({ ...anthropicRequest, messages }).finalMessage();

  const first = await ask(prompt("read the file"));
  const second = await ask([
    ...prompt("read the file"),
    { role: "assistant", content: first.content },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_9", content: "42" }] },
  ]);
  const other = await ask(prompt("hello"));

  expect(first.stop_reason).toBe("tool_use");
  expect(second.content).toMatchObject([{ text: "It says 42." }]);
  expect(other.content).toMatchObject([{ text: "No file?" }]);
  expect(server.requests.map(({ step }) => step)).toEqual([0, 1, 0]);
  expect(server.requests[1]?.toolResults).toEqual([{ id: "toolu_9", text: "42", isError: false }]);
});

test("scripts in order answer one request each, and the last one for ever", async () => {
  const { anthropic } = await start(inOrder([reply.overloaded(), reply.text("better")]));
  const ask = () => anthropic.messages.stream(anthropicRequest).finalText();

  await expect(ask()).rejects.toThrow();
  expect(await ask()).toBe("better");
  expect(await ask()).toBe("better");
});
