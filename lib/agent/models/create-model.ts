/** The model port over every vendor's provider package. Reads no environment. */
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { type Clock, systemClock } from "@/lib/clock";
import type { SUPPORTED_PROVIDER_TYPES } from "@/lib/contract/models";
import type { ModelPort } from "../types";
import { type CallSettings, callOptions } from "./call-options";
import { describeFailure } from "./failure";
import { createLanguageModel, dialectOf } from "./language-model";
import { streamModel } from "./stream";

export type SupportedProvider = (typeof SUPPORTED_PROVIDER_TYPES)[number];

export type CreateModel = CallSettings & {
  clock?: Clock;
  /** No event for this long is a failure. Ten minutes: reasoning models are silent for minutes before the first token. */
  silenceMs?: number;
  newToolCallId?: () => string;
};

const DEFAULT_SILENCE_MS = 10 * 60 * 1_000;

/** Makes no connection and never throws: settings that cannot work fail the first call. */
export function createModelPort(settings: CreateModel): ModelPort {
  const { provider, model, apiKey, clock = systemClock, silenceMs = DEFAULT_SILENCE_MS } = settings;
  const { newToolCallId = randomToolCallId } = settings;
  return {
    provider,
    model,
    stream: (request, options) =>
      streamModel({
        prepare: () => ({ model: findOrCreateLanguageModel(settings), callOptions: callOptions(request, settings) }),
        dialect: dialectOf(settings),
        provider,
        clock,
        newToolCallId,
        silenceMs,
        describe: (error) => describeFailure({ error, provider, secrets: secretsIn(apiKey), now: clock.now() }),
        ...options,
      }),
  };
}

/** More models than anyone uses at once. */
const MAX_KEPT_MODELS = 32;

const keptModels = new Map<string, LanguageModelV4>();

/** The SDK builds and compiles the schema of its stream anew for each model object: a millisecond of every call. */
function findOrCreateLanguageModel(settings: CreateModel): LanguageModelV4 {
  if (settings.fetch) return createLanguageModel(settings);
  const key = JSON.stringify([settings.provider, settings.baseUrl, settings.apiKey, settings.model, settings.settings]);
  const kept = keptModels.get(key);
  if (kept) return kept;
  const made = createLanguageModel(settings);
  const [oldest] = keptModels.keys();
  if (oldest !== undefined && keptModels.size >= MAX_KEPT_MODELS) keptModels.delete(oldest);
  keptModels.set(key, made);
  return made;
}

const randomToolCallId = (): string => `call_${globalThis.crypto.randomUUID().replaceAll("-", "")}`;

/** An AWS key pair is two secrets. */
const secretsIn = (apiKey: string | null): string[] =>
  apiKey === null ? [] : [apiKey, ...apiKey.split(":").filter((part) => part.length >= MIN_SECRET_LENGTH)];

/** Shorter pieces are no secrets, and words of the provider's sentence. */
const MIN_SECRET_LENGTH = 16;
