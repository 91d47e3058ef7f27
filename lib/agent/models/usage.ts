/**
 * Token counts of the providers in one shape. Pure: unknown stays null, it is not zero, and a report with a count that
 * cannot be is unknown as a whole.
 */
import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import type { Usage } from "@/lib/contract/messages";

/** Which vendor's wire format is spoken. */
export type Dialect = "anthropic" | "openai-chat" | "openai-responses" | "google" | "bedrock";

/**
 * `input_tokens` excludes cache reads and writes, `output_tokens` includes reasoning. Read from the provider's own
 * fields, since the SDK fills a missing count with 0. Null when the provider reported nothing; every count null when
 * it reported one that is negative, broken or absurd, so that the call is unpriced instead of wrong.
 */
export function normalizeUsage(dialect: Dialect, usage: LanguageModelV4Usage): Usage | null {
  if (!usage.raw) return null;
  switch (dialect) {
    case "anthropic":
      return believable({
        ...readAnthropic(usage.raw),
        // The SDK's sums, because a compaction at the provider leaves the top-level fields short.
        input_tokens: count(usage.inputTokens.noCache),
        output_tokens: count(usage.outputTokens.total),
      });
    case "openai-chat":
      return believable(openaiChatUsage(usage.raw));
    case "openai-responses":
      return believable(openaiResponsesUsage(usage.raw));
    case "google":
      return googleUsage(usage.raw);
    case "bedrock":
      return believable(bedrockUsage(usage.raw));
  }
}

/** Anthropic's `usage` object, of `message_start` or merged with `message_delta`. */
export const anthropicUsage = (raw: object): Usage => believable(readAnthropic(raw));

/** Cache writes are said in sum and, since 2025-05, by how long they live (docs.claude.com "Prompt caching"). */
function readAnthropic(raw: object): Usage {
  const cacheWrite = count(field(raw, "cache_creation_input_tokens"));
  const hour = count(field(raw, "cache_creation", "ephemeral_1h_input_tokens"));
  return {
    input_tokens: count(field(raw, "input_tokens")),
    output_tokens: count(field(raw, "output_tokens")),
    reasoning_tokens: count(field(raw, "output_tokens_details", "thinking_tokens")),
    cache_read_tokens: count(field(raw, "cache_read_input_tokens")),
    cache_creation_tokens: cacheWrite,
    ...(hour ? { cache_creation_hour_tokens: hour > (cacheWrite ?? 0) ? Number.NaN : hour } : {}),
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
  const cached = (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
  // Gateways that pass a vendor's own counts on: the total tells that the prompt leaves the cached ones out.
  const isCacheApart =
    cached > 0 && promptTokens !== null && totalTokens === promptTokens + cached + (completionTokens ?? 0);
  return {
    input_tokens: isCacheApart ? promptTokens : without(promptTokens, cacheReadTokens, cacheWriteTokens),
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
export const googleUsage = (raw: object): Usage => believable(readGoogle(raw));

function readGoogle(raw: object): Usage {
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

/** More is contained than there is: then the total cannot contain it, and is what it says. */
function without(total: number | null, ...contained: (number | null)[]): number | null {
  if (total === null) return null;
  const rest = contained.reduce<number>((left, part) => left - (part ?? 0), total);
  return rest < 0 ? total : rest;
}

/** A million times the longest prompt of today. */
const MAX_TOKENS = 1e12;

/** Null when it is not said; NaN, which goes through every sum, when it cannot be. */
function count(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKENS
    ? value
    : Number.NaN;
}

const UNKNOWN: Usage = {
  input_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
};

const believable = (usage: Usage): Usage => (Object.values(usage).some(Number.isNaN) ? UNKNOWN : usage);

function field(value: object, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}
