/** Token counts of the providers in one shape. Pure: unknown stays null, it is not zero. */
import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import type { Usage } from "@/lib/contract/messages";

/** Which vendor's wire format is spoken. */
export type Dialect = "anthropic" | "openai";

/**
 * `input_tokens` excludes cache reads and writes, `output_tokens` includes reasoning. Read from the provider's own
 * fields, since the SDK fills a missing count with 0. Null when the provider reported nothing.
 */
export function normalizeUsage(dialect: Dialect, usage: LanguageModelV4Usage): Usage | null {
  if (!usage.raw) return null;
  if (dialect === "openai") return openaiUsage(usage.raw);
  return {
    ...anthropicUsage(usage.raw),
    // The SDK's sums, because a compaction at the provider leaves the top-level fields short.
    input_tokens: count(usage.inputTokens.noCache),
    output_tokens: count(usage.outputTokens.total),
  };
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

function openaiUsage(raw: object): Usage {
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
    input_tokens:
      promptTokens === null ? null : Math.max(0, promptTokens - (cacheReadTokens ?? 0) - (cacheWriteTokens ?? 0)),
    output_tokens: isReasoningApart ? completionTokens + reasoningTokens : completionTokens,
    reasoning_tokens: reasoningTokens,
    cache_read_tokens: cacheReadTokens,
    cache_creation_tokens: cacheWriteTokens,
  };
}

const count = (value: unknown): number | null =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;

function field(value: object, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );
}
