/** What a call asks of each vendor beside its prompt: limits, effort, cache marks. Pure. */
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt, SharedV4ProviderOptions } from "@ai-sdk/provider";
import type { ModelOptions } from "@/lib/contract/models";
import type { ModelRequest } from "../types";
import { addCacheMarks, convertPrompt, convertTools } from "./convert-prompt";
import { dialectOf, isGateway, type LanguageModelSettings } from "./language-model";

export type CallSettings = LanguageModelSettings & { options: ModelOptions };

/** Anthropic demands a limit; the SDK lowers it to what a known model can do. Other servers choose their own. */
const ANTHROPIC_MAX_OUTPUT_TOKENS = 32_000;

/** The request in the terms of the provider package. */
export function callOptions(request: ModelRequest, settings: CallSettings): LanguageModelV4CallOptions {
  const { provider, model, options } = settings;
  const maxOutputTokens =
    options.max_output_tokens ?? (provider === "anthropic" ? ANTHROPIC_MAX_OUTPUT_TOKENS : undefined);
  const dialect = dialectOf(settings);
  const prompt = convertPrompt(request, provider);
  const effort = mayThink(prompt, provider) ? (request.reasoningEffort ?? options.reasoning_effort) : undefined;
  const cacheMark = cacheMarkOf(provider, model);
  const vendorOptions = providerOptions(settings, effort);
  return {
    prompt: cacheMark ? addCacheMarks(prompt, cacheMark) : prompt,
    ...(request.tools.length > 0 && { tools: convertTools(request.tools) }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(options.temperature !== undefined && { temperature: options.temperature }),
    // Chat Completions knows no "max"; for the others the packages choose what the model has.
    ...(effort && { reasoning: dialect === "openai-chat" && effort === "max" ? "xhigh" : effort }),
    // Only the raw chunks tell what an answer that is cut off has cost, and OpenRouter's reasoning details.
    ...((provider === "google" || provider === "openrouter") && { includeRawChunks: true }),
    ...(vendorOptions && { providerOptions: vendorOptions }),
  };
}

/**
 * Anthropic, on Bedrock too, refuses to think in a turn that began without: "When thinking is enabled, a final assistant
 * message must start with a thinking block" (platform.claude.com "Extended thinking", 2026-01). So a turn that another
 * model or effort began goes on without until the person speaks again.
 */
function mayThink(prompt: LanguageModelV4Prompt, provider: string): boolean {
  if (provider !== "anthropic" && provider !== "bedrock") return true;
  const first = prompt[prompt.findLastIndex(({ role }) => role === "user") + 1];
  return first?.role !== "assistant" || first.content[0]?.type === "reasoning";
}

function providerOptions(settings: CallSettings, effort: string | undefined): SharedV4ProviderOptions | undefined {
  const { provider, model, baseUrl } = settings;
  if (provider === "anthropic") {
    // Pings count as life: a model that thinks for minutes sends nothing else.
    return { anthropic: { includePings: true, toolStreaming: !isGateway(baseUrl) } };
  }
  if (dialectOf(settings) === "openai-responses") {
    const thinks = effort !== undefined && effort !== "none";
    return {
      [provider]: {
        // Nothing is kept at the vendor: reasoning comes encrypted and is sent back.
        store: false,
        reasoningSummary: thinks ? "auto" : null,
        // A deployment's name does not tell what model is behind it.
        ...(provider === "azure" && thinks && { forceReasoning: true }),
      },
    };
  }
  if (provider === "google" && GEMINI_THAT_THINKS.test(model)) {
    return { google: { thinkingConfig: { includeThoughts: true } } };
  }
  return undefined;
}

/** Older ones refuse the question (ai.google.dev "Thinking", 2026-01). */
const GEMINI_THAT_THINKS = /gemini-(2\.5|[3-9]|\d{2})/;

/** Models on Bedrock that take cache points; others refuse them (docs.aws.amazon.com "Prompt caching", 2026-01). */
const BEDROCK_WITH_CACHE = /claude-(3-7|3-5-haiku|(opus|sonnet|haiku|fable)-[4-9])|nova-(micro|lite|pro|premier|2)/;

function cacheMarkOf(provider: string, model: string): SharedV4ProviderOptions | null {
  if (provider === "anthropic") return { anthropic: { cacheControl: { type: "ephemeral" } } };
  if (provider === "bedrock" && BEDROCK_WITH_CACHE.test(model)) return { bedrock: { cachePoint: { type: "default" } } };
  return null;
}
