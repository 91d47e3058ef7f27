import { ApiError, GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { reply } from "@/tests/support/model-reply";
import type { Script } from "@/tests/support/model-script";
import { type ModelServer, type ModelServerOptions, startModelServer } from "@/tests/support/model-server";

let server: ModelServer;
afterEach(() => server.close());

async function start(script: Script, options: Partial<ModelServerOptions> = {}) {
  server = await startModelServer({ script, ...options });
  return {
    openai: new OpenAI({ apiKey: "key", baseURL: `${server.url}/v1`, maxRetries: 0 }),
    google: new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: server.url } }),
  };
}

const everything = reply.answer(
  [
    { type: "reasoning", chunks: "Let me think." },
    { type: "text", chunks: "I will look." },
    { type: "tool_call", name: "read_file", args: { path: "a.txt" } },
  ],
  { usage: { input: 10, output: 30, reasoning: 7, cacheRead: 200 } },
);
const openaiRequest = { model: "gpt", input: "hello", store: false };
const googleRequest = { model: "gemini", contents: "hello" };

async function readGoogle(google: GoogleGenAI) {
  const chunks = [];
  for await (const chunk of await google.models.generateContentStream(googleRequest)) chunks.push(chunk);
  return chunks;
}

test("OpenAI's client reads a response: reasoning, text, a call and usage", async () => {
  const { openai } = await start(everything);
  const response = await openai.responses.stream(openaiRequest).finalResponse();
  expect(response.status).toBe("completed");
  expect(response.output_text).toBe("I will look.");
  expect(response.output).toMatchObject([
    { type: "reasoning", summary: [{ text: "Let me think." }], encrypted_content: expect.stringMatching(/^gAAAA/) },
    { type: "message", role: "assistant" },
    { type: "function_call", name: "read_file", arguments: '{"path":"a.txt"}' },
  ]);
  expect(response.usage).toMatchObject({
    input_tokens: 210,
    input_tokens_details: { cached_tokens: 200 },
    output_tokens: 30,
    output_tokens_details: { reasoning_tokens: 7 },
    total_tokens: 240,
  });
});

test("OpenAI's client sees an incomplete response, an error inside a stream, and a wrong key", async () => {
  const { openai } = await start(reply.text("so far", { finishReason: "length" }));
  const short = await openai.responses.stream(openaiRequest).finalResponse();
  expect(short).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
  await server.close();

  const earlyEnd = { type: "error", afterChunks: 1, errorType: "server_error", message: "Overloaded" } as const;
  const broken = await start(reply.text("one two three", { earlyEnd }));
  await expect(broken.openai.responses.stream(openaiRequest).finalResponse()).rejects.toThrow();
  await server.close();

  const refused = await start(reply.text("hi"), { apiKey: "another" });
  await expect(refused.openai.responses.create({ ...openaiRequest, stream: true })).rejects.toBeInstanceOf(
    OpenAI.AuthenticationError,
  );
});

test("OpenAI's client sees what the vendor refuses: a call without its output", async () => {
  const { openai } = await start(reply.text("hi"));
  const call = { type: "function_call" as const, call_id: "call_1", name: "execute", arguments: "{}" };
  await expect(openai.responses.create({ ...openaiRequest, input: [call], stream: true })).rejects.toThrow(
    /No tool output found for function call call_1/,
  );
});

test("Google's client reads thoughts, text, a signed call and usage", async () => {
  const { google } = await start(everything);
  const chunks = await readGoogle(google);
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  const textOf = (thought: boolean) =>
    parts
      .filter((part) => (part.thought === true) === thought)
      .map((part) => part.text ?? "")
      .join("");
  expect(textOf(true)).toBe("Let me think.");
  expect(textOf(false)).toBe("I will look.");
  expect(parts.find((part) => part.functionCall)).toMatchObject({
    functionCall: { name: "read_file", args: { path: "a.txt" } },
    thoughtSignature: expect.any(String),
  });
  expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe("STOP");
  expect(chunks.at(-1)?.usageMetadata).toMatchObject({
    promptTokenCount: 210,
    cachedContentTokenCount: 200,
    candidatesTokenCount: 23,
    thoughtsTokenCount: 7,
  });
});

test("Google's client sees its own errors and lists the models", async () => {
  const { google } = await start(reply.error(429, "RESOURCE_EXHAUSTED", "Slow down."), { models: ["m-1"] });
  const error = await readGoogle(google).catch((cause) => cause);
  expect(error).toBeInstanceOf(ApiError);
  expect(error.status).toBe(429);
  expect(error.message).toContain("RESOURCE_EXHAUSTED");
  const names = [];
  for await (const model of await google.models.list()) names.push(model.name);
  expect(names).toEqual(["models/m-1"]);
});

test("Google's client sees an error inside a stream", async () => {
  const earlyEnd = { type: "error", afterChunks: 1, errorType: "UNAVAILABLE", message: "Overloaded" } as const;
  const { google } = await start(reply.text("one two three", { earlyEnd }));
  await expect(readGoogle(google)).rejects.toThrow(/Overloaded/);
});
