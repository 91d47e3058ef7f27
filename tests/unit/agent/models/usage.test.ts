import { expect, test } from "vitest";
import { anthropicUsage, type Dialect, normalizeUsage } from "@/lib/agent/models/usage";

const NONE = { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined };
const normalize = (dialect: Dialect, raw: Record<string, unknown> | undefined) =>
  normalizeUsage(dialect, {
    inputTokens: NONE,
    outputTokens: { total: undefined, text: undefined, reasoning: undefined },
    ...(raw && { raw: raw as never }),
  });
const openai = (raw: Record<string, unknown> | undefined) => normalize("openai-chat", raw);

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

const UNKNOWN = {
  input_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
};

test.each([
  ["negative", { prompt_tokens: 7, completion_tokens: -1 }],
  ["text", { prompt_tokens: "7", completion_tokens: 1 }],
  ["a fraction", { prompt_tokens: 7.5, completion_tokens: 1 }],
  ["beyond 2^53", { prompt_tokens: 2 ** 53, completion_tokens: 1 }],
  ["absurd", { prompt_tokens: 7, completion_tokens: 2e12 }],
  ["negative inside", { prompt_tokens: 7, completion_tokens: 1, prompt_tokens_details: { cached_tokens: -4 } }],
])("a report with a count that is %s is unknown as a whole", (_, raw) => {
  expect(openai(raw)).toEqual(UNKNOWN);
});

test("cached tokens that the prompt cannot contain are beside it", () => {
  const raw = { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 9 } };
  expect(openai(raw)).toMatchObject({ input_tokens: 5, cache_read_tokens: 9 });
});

test("a total that adds the cached tokens says that the prompt leaves them out", () => {
  const details = { prompt_tokens_details: { cached_tokens: 60 } };
  const apart = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 170, ...details };
  const inside = { ...apart, total_tokens: 110 };
  expect(openai(apart)).toMatchObject({ input_tokens: 100, cache_read_tokens: 60 });
  expect(openai(inside)).toMatchObject({ input_tokens: 40, cache_read_tokens: 60 });
});

test("Anthropic's cache writes for an hour are part of all its writes", () => {
  const raw = {
    input_tokens: 10,
    output_tokens: 3,
    cache_creation_input_tokens: 500,
    cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 300 },
  };
  expect(anthropicUsage(raw)).toMatchObject({ cache_creation_tokens: 500, cache_creation_hour_tokens: 300 });
  expect(anthropicUsage({ ...raw, cache_creation_input_tokens: 100 })).toEqual(UNKNOWN);
});

/** Usage as the vendors' documentation shows it, with the page and the month it was read. */
const DOCUMENTED: [source: string, Dialect, Record<string, unknown>, (number | null)[]][] = [
  [
    "OpenAI, platform.openai.com/docs/api-reference/responses/object, 2026-01: cached inside, reasoning inside",
    "openai-responses",
    {
      input_tokens: 2_006,
      input_tokens_details: { cached_tokens: 1_920 },
      output_tokens: 1_035,
      output_tokens_details: { reasoning_tokens: 832 },
      total_tokens: 3_041,
    },
    [86, 1_035, 832, 1_920, null],
  ],
  [
    "OpenAI, developers.openai.com/api/docs/guides/prompt-caching, 2026-09: cache writes inside as well",
    "openai-responses",
    {
      input_tokens: 5_000,
      input_tokens_details: { cached_tokens: 3_000, cache_write_tokens: 1_500 },
      output_tokens: 10,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 5_010,
    },
    [500, 10, 0, 3_000, 1_500],
  ],
  [
    "Google, ai.google.dev/api/generate-content#UsageMetadata, 2026-01: cached inside the prompt, thoughts beside",
    "google",
    {
      promptTokenCount: 2_112,
      cachedContentTokenCount: 2_000,
      candidatesTokenCount: 40,
      thoughtsTokenCount: 33,
      totalTokenCount: 2_185,
    },
    [112, 73, 33, 2_000, null],
  ],
  [
    "Google, ai.google.dev/gemini-api/docs/tokens, 2026-01: what tools of its own add is input beside the prompt",
    "google",
    { promptTokenCount: 100, toolUsePromptTokenCount: 50, candidatesTokenCount: 7, totalTokenCount: 157 },
    [150, 7, null, null, null],
  ],
  [
    "Google, the same: an answer of thoughts alone",
    "google",
    { promptTokenCount: 5, thoughtsTokenCount: 9 },
    [5, 9, 9, null, null],
  ],
  ["Google, the same: nothing said of output", "google", { promptTokenCount: 5 }, [5, null, null, null, null]],
  [
    "AWS, docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html, 2026-01: cache beside input",
    "bedrock",
    { inputTokens: 12, outputTokens: 40, totalTokens: 2_152, cacheReadInputTokens: 2_000, cacheWriteInputTokens: 100 },
    [12, 40, null, 2_000, 100],
  ],
  [
    "OpenRouter, openrouter.ai/docs/guides/guides/usage-accounting, 2026-01: as OpenAI's chat, with its own cost",
    "openai-chat",
    {
      prompt_tokens: 194,
      completion_tokens: 2,
      total_tokens: 196,
      cost: 0.95,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 50 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
    [44, 2, 0, 100, 50],
  ],
];

test.each(DOCUMENTED)("%s", (_, dialect, raw, [input, output, reasoning, cacheRead, cacheWrite]) => {
  expect(normalize(dialect, raw)).toEqual({
    input_tokens: input,
    output_tokens: output,
    reasoning_tokens: reasoning,
    cache_read_tokens: cacheRead,
    cache_creation_tokens: cacheWrite,
  });
});
