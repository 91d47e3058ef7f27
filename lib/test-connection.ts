/** A small real call to a model provider, to see whether address, key and model work. Stores nothing. */
import { createModelPort, type SupportedProvider } from "./agent/models/create-model";
import type { ChatError } from "./contract/chats";
import type { ProviderSettings } from "./contract/models";

export type TestConnection = {
  provider: SupportedProvider;
  apiKey: string | null;
  baseUrl: string | null;
  model: string;
  settings?: ProviderSettings;
  signal: AbortSignal;
};

/** `failure.detail` holds the provider's own words. */
export type TestConnectionResult = { ok: true; latencyMs: number } | { ok: false; failure: ChatError };

/** Long enough for a local server that loads its model first. */
const TIMEOUT_MS = 30_000;

/** The least that every API takes; the answer itself does not matter. */
const MAX_OUTPUT_TOKENS = 16;

/** Asks the model for one word. Never throws. */
export async function testConnection(options: TestConnection): Promise<TestConnectionResult> {
  const { provider, apiKey, baseUrl, model, settings } = options;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const startedAt = performance.now();
  const port = createModelPort({
    provider,
    apiKey,
    baseUrl,
    model,
    settings,
    options: { max_output_tokens: MAX_OUTPUT_TOKENS },
  });
  const request = { system: [], messages: [GREETING], tools: [] };
  const signal = AbortSignal.any([options.signal, timeout]);
  const end = await port.stream(request, { onPart: () => {}, signal });
  if (end.type === "finish") return { ok: true, latencyMs: Math.round(performance.now() - startedAt) };
  if (end.type === "failure") return { ok: false, failure: end.failure.error };
  const message = timeout.aborted ? `No answer within ${TIMEOUT_MS / 1_000} s.` : "The test was stopped.";
  return {
    ok: false,
    failure: { kind: "timeout", message, provider, status_code: null, retryable: false, detail: null },
  };
}

const GREETING = { role: "user" as const, parts: [{ type: "text" as const, text: "Reply with the word OK." }] };
