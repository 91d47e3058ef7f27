/** Token counts of the providers in one shape. Pure: unknown stays null, it is not zero. */
import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import type { Usage } from "@/lib/contract/messages";

/** Which vendor's wire format is spoken. */
export type Dialect = "anthropic" | "openai-chat" | "openai-responses" | "google" | "bedrock";

/**
 * `input_tokens` excludes cache reads and writes, `output_tokens` includes reasoning. Read from the provider's own
 * fields, since the SDK fills a missing count with 0. Null when the provider reported nothing.
 */
export function normalizeUsage(dialect: Dialect, usage: LanguageModelV4Usage): Usage | null {
  if (!usage.raw) return null;
  switch (dialect) {
    case "anthropic":
      return {
        ...anthropicUsage(usage.raw),
        // The SDK's sums, because a compaction at the provider leaves the top-level fields short.
        input_tokens: count(usage.inputTokens.noCache),
        output_tokens: count(usage.outputTokens.total),
      };
    case "openai-chat":
      return openaiChatUsage(usage.raw);
    case "openai-responses":
      return openaiResponsesUsage(usage.raw);
    case "google":
      return googleUsage(usage.raw);
    case "bedrock":
      return bedrockUsage(usage.raw);
  }
}

/** Anthropic's `usage` object, of `message_start` or merged with `message_delta`. */
export function anthropicUsage(raw: object): Usage {
  return {
    input_tokens: count(field(raw, "input_tokens")),
    output_tokens: count(field(raw, "output_tokens")),
    reasoning_tokens: count(field(raw, "output_tokens_details", "thinking_tokens")),
    cache_read_tokens: count(field(raw, "cache_read_input_tokens")),
    cache_creation_tokens: count(field(raw, "cache_creation_input_tokens")),
  };
}

function openaiChatUsage(raw: object): Usage {
  const promptTokens = count(field(raw, "prompt_tokens"));
  const completionTokens = count(field(raw, "completion_tokens"));
  const cacheReadTokens = count(field(raw, "prompt_tokens_details", "cached_tokens"));
  // OpenRouter, 2026-01: beside `cached_tokens`, inside `prompt_tokens`.
  const cacheWriteTokens = count(field(raw, "prompt_tokens_details", "cache_write_tokens"));
  const reasoningTokens = count(field(raw, "completion_tokens_details", "reasoning_tokens"));
  const totalTokens = count(field(raw, "total_tokens"));
  // xAI, docs.x.ai, 2025-11: `completion_tokens` leaves reasoning out; the total tells.
  const isReasoningApart =
    reasoningTokens !== null &&
    reasoningTokens > 0 &&
    promptTokens !== null &&
    completionTokens !== null &&
    totalTokens === promptTokens + completionTokens + reasoningTokens;
  return {
    input_tokens: without(promptTokens, cacheReadTokens, cacheWriteTokens),
    output_tokens: isReasoningApart ? completionTokens + reasoningTokens : completionTokens,
    reasoning_tokens: reasoningTokens,
    cache_read_tokens: cacheReadTokens,
    cache_creation_tokens: cacheWriteTokens,
  };
}

/** OpenAI "Responses", 2026-01: input contains cache reads and writes, output contains reasoning. */
function openaiResponsesUsage(raw: object): Usage {
  const cacheRead = count(field(raw, "input_tokens_details", "cached_tokens"));
  const cacheWrite = count(field(raw, "input_tokens_details", "cache_write_tokens"));
  return {
    input_tokens: without(count(field(raw, "input_tokens")), cacheRead, cacheWrite),
    output_tokens: count(field(raw, "output_tokens")),
    reasoning_tokens: count(field(raw, "output_tokens_details", "reasoning_tokens")),
    cache_read_tokens: cacheRead,
    cache_creation_tokens: cacheWrite,
  };
}

/**
 * Google's `usageMetadata` (ai.google.dev "GenerateContentResponse", 2026-01): the prompt contains what was cached, not
 * what its own tools added; the candidates exclude the thoughts, which are paid as output. A count of 0 is left out.
 */
export function googleUsage(raw: object): Usage {
  const prompt = count(field(raw, "promptTokenCount"));
  const toolPrompt = count(field(raw, "toolUsePromptTokenCount"));
  const cacheRead = count(field(raw, "cachedContentTokenCount"));
  const candidates = count(field(raw, "candidatesTokenCount"));
  const thoughts = count(field(raw, "thoughtsTokenCount"));
  const isOutputSaid = candidates !== null || thoughts !== null;
  return {
    input_tokens: prompt === null ? null : without(prompt + (toolPrompt ?? 0), cacheRead),
    output_tokens: isOutputSaid ? (candidates ?? 0) + (thoughts ?? 0) : null,
    reasoning_tokens: thoughts,
    cache_read_tokens: cacheRead,
    cache_creation_tokens: null,
  };
}

/** Bedrock's `TokenUsage` (docs.aws.amazon.com "ConverseStream", 2026-01): input excludes the cache, as Anthropic's. */
function bedrockUsage(raw: object): Usage {
  return {
    input_tokens: count(field(raw, "inputTokens")),
    output_tokens: count(field(raw, "outputTokens")),
    reasoning_tokens: null,
    cache_read_tokens: count(field(raw, "cacheReadInputTokens")),
    cache_creation_tokens: count(field(raw, "cacheWriteInputTokens")),
  };
}

const without = (total: number | null, ...contained: (number | null)[]): number | null =>
  total === null
    ? null
    : Math.max(
        0,
        contained.reduce<number>((rest, part) => rest - (part ?? 0), total),
      );

const count = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;

function field(value: object, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}
