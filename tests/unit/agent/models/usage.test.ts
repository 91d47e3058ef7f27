import { expect, test } from "vitest";
import { normalizeUsage } from "@/lib/agent/models/usage";

const NONE = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };
const openai = (raw: Record<string, unknown> | undefined) =>
  normalizeUsage("openai-chat", {
    inputTokens: NONE,
    outputTokens: { total: undefined, text: undefined, reasoning: undefined },
    ...(raw && { raw: raw as never }),
  });

test("no usage is null", () => {
  expect(openai(undefined)).toBeNull();
});

test("counts that the provider leaves out are null", () => {
  expect(openai({ prompt_tokens: 7, completion_tokens: 3 })).toEqual({
    input_tokens: 7,
    output_tokens: 3,
    reasoning_tokens: null,
    cache_read_tokens: null,
    cache_creation_tokens: null,
  });
});

test("OpenRouter's cache writes are not input", () => {
  const details = { cached_tokens: 100, cache_write_tokens: 30 };
  expect(openai({ prompt_tokens: 150, completion_tokens: 3, prompt_tokens_details: details })).toMatchObject({
    input_tokens: 20,
    cache_read_tokens: 100,
    cache_creation_tokens: 30,
  });
});

test("xAI's reasoning, which is beside the completion, becomes part of output", () => {
  const raw = {
    prompt_tokens: 10,
    completion_tokens: 5,
    total_tokens: 35,
    completion_tokens_details: { reasoning_tokens: 20 },
  };
  expect(openai(raw)).toMatchObject({ output_tokens: 25, reasoning_tokens: 20 });
});

test("OpenAI's reasoning, which is inside the completion, stays there", () => {
  const raw = {
    prompt_tokens: 10,
    completion_tokens: 25,
    total_tokens: 35,
    completion_tokens_details: { reasoning_tokens: 20 },
  };
  expect(openai(raw)).toMatchObject({ output_tokens: 25, reasoning_tokens: 20 });
});

test("counts that make no sense are null, and input is never negative", () => {
  expect(openai({ prompt_tokens: "7", completion_tokens: -1 })).toMatchObject({
    input_tokens: null,
    output_tokens: null,
  });
  expect(openai({ prompt_tokens: 5, prompt_tokens_details: { cached_tokens: 9 } })).toMatchObject({ input_tokens: 0 });
});
