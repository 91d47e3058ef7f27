/** The model port over Anthropic's Messages API and OpenAI's Chat Completions API. Reads no environment. */
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { type Clock, systemClock } from "@/lib/clock";
import type { ModelOptions, SUPPORTED_PROVIDER_TYPES } from "@/lib/contract/models";
import type { ModelPort, ModelRequest } from "../types";
import { convertPrompt, convertTools } from "./convert-prompt";
import { describeFailure } from "./failure";
import { StreamFailure } from "./failure-signal";
import { createModelFetch, type Fetch } from "./model-fetch";
import { streamModel } from "./stream";
import type { Dialect } from "./usage";

export type SupportedProvider = (typeof SUPPORTED_PROVIDER_TYPES)[number];

export type CreateModel = {
  provider: SupportedProvider;
  /** Null: none is sent (a local model server). */
  apiKey: string | null;
  /** With or without `/v1`. Null: the vendor's; an OpenAI-compatible server needs one. */
  baseUrl: string | null;
  /** The vendor's name of the model. */
  model: string;
  options: ModelOptions;
  fetch?: Fetch;
  clock?: Clock;
  /** No event for this long is a failure. Ten minutes: reasoning models are silent for minutes before the first token. */
  silenceMs?: number;
  newToolCallId?: () => string;
};

const DEFAULT_SILENCE_MS = 10 * 60 * 1_000;
const DEFAULT_BASE_URLS = { anthropic: "https://api.anthropic.com/v1", openai: "https://api.openai.com/v1" };

/** Anthropic demands a limit; the SDK lowers it to what a known model can do. Other servers choose their own. */
const ANTHROPIC_MAX_OUTPUT_TOKENS = 32_000;

/** Makes no connection and never throws: settings that cannot work fail the first call. */
export function createModelPort(settings: CreateModel): ModelPort {
  const { provider, model, apiKey, clock = systemClock, silenceMs = DEFAULT_SILENCE_MS } = settings;
  const { newToolCallId = randomToolCallId } = settings;
  const dialect: Dialect = provider === "anthropic" ? "anthropic" : "openai";
  return {
    provider,
    model,
    stream: (request, signal) =>
      streamModel({
        prepare: () => ({ model: findOrCreateLanguageModel(settings), callOptions: callOptions(request, settings) }),
        dialect,
        provider,
        clock,
        newToolCallId,
        silenceMs,
        describe: (error) => describeFailure({ error, provider, secrets: [apiKey], now: clock.now() }),
        signal,
      }),
  };
}

/** More models than anyone uses at once. */
const MAX_KEPT_MODELS = 32;

const keptModels = new Map<string, LanguageModelV4>();

/** The SDK builds and compiles the schema of its stream anew for each model object: a millisecond of every call. */
function findOrCreateLanguageModel(settings: CreateModel): LanguageModelV4 {
  if (settings.fetch) return createLanguageModel(settings);
  const key = JSON.stringify([settings.provider, settings.baseUrl, settings.apiKey, settings.model]);
  const kept = keptModels.get(key);
  if (kept) return kept;
  const made = createLanguageModel(settings);
  const [oldest] = keptModels.keys();
  if (oldest !== undefined && keptModels.size >= MAX_KEPT_MODELS) keptModels.delete(oldest);
  keptModels.set(key, made);
  return made;
}

function createLanguageModel({ provider, apiKey, baseUrl, model, fetch }: CreateModel): LanguageModelV4 {
  const baseURL = resolveBaseUrl(provider, baseUrl);
  const modelFetch = createModelFetch(fetch);
  // An empty key instead of none: the SDK would look for one in the environment.
  if (provider === "anthropic") {
    const anthropicFetch = isGateway(baseUrl) ? withoutBetas(modelFetch) : modelFetch;
    return createAnthropic({ apiKey: apiKey ?? "", baseURL, fetch: anthropicFetch })(model);
  }
  return createOpenAICompatible({
    name: provider,
    baseURL,
    ...(apiKey && { apiKey }),
    includeUsage: true,
    fetch: modelFetch,
    ...(provider === "openai" && { transformRequestBody: openaiBody }),
  }).chatModel(model);
}

/** A server that speaks Anthropic's format and is not Anthropic: it may refuse fields and betas that only Anthropic knows. */
const isGateway = (baseUrl: string | null): boolean =>
  baseUrl !== null && new URL(baseUrl).hostname !== "api.anthropic.com";

/** Bedrock behind a gateway answers 400 to a beta it does not know; the SDK names one whenever there are tools. */
const withoutBetas = (modelFetch: Fetch): Fetch => {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.delete("anthropic-beta");
    return modelFetch(input, { ...init, headers });
  };
};

/** OpenAI's reasoning models refuse `max_tokens` (platform.openai.com, Chat Completions, 2026-01). */
const openaiBody = ({ max_tokens, ...body }: Record<string, unknown>) =>
  max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens };

/** An address without a path means the vendor's usual `/v1`. @throws StreamFailure without an address for a compatible server. */
export function resolveBaseUrl(provider: SupportedProvider, baseUrl: string | null): string {
  if (!baseUrl && provider === "openai-compat") {
    throw new StreamFailure("address", "A compatible server needs a base URL, for example http://localhost:11434/v1.");
  }
  const url = (baseUrl || DEFAULT_BASE_URLS[provider as keyof typeof DEFAULT_BASE_URLS]).replace(/\/+$/, "");
  return new URL(url).pathname === "/" ? `${url}/v1` : url;
}

function callOptions(request: ModelRequest, { provider, baseUrl, options }: CreateModel): LanguageModelV4CallOptions {
  const isAnthropic = provider === "anthropic";
  const maxOutputTokens = options.max_output_tokens ?? (isAnthropic ? ANTHROPIC_MAX_OUTPUT_TOKENS : undefined);
  const effort = request.reasoningEffort ?? options.reasoning_effort;
  const toolStreaming = !isGateway(baseUrl);
  return {
    prompt: convertPrompt(request, provider),
    ...(request.tools.length > 0 && { tools: convertTools(request.tools) }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(options.temperature !== undefined && { temperature: options.temperature }),
    ...(effort && { reasoning: provider === "openai" && effort === "max" ? "xhigh" : effort }),
    // Pings count as life: a model that thinks for minutes sends nothing else.
    ...(isAnthropic && { providerOptions: { anthropic: { includePings: true, toolStreaming } } }),
  };
}

const randomToolCallId = (): string => `call_${globalThis.crypto.randomUUID().replaceAll("-", "")}`;
