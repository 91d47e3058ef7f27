/** What a failed model call means: one table from the provider's signals to a failure. Pure. */
import type { ChatError, FailureKind } from "@/lib/contract/chats";
import { PROVIDER_FACTS } from "@/lib/contract/provider-types";
import type { ModelFailure } from "../types";
import { type FailureSignal, readSignal } from "./failure-signal";

export type DescribeFailure = {
  error: unknown;
  /** A provider type, `anthropic` for example. */
  provider: string;
  /** Removed from the provider's words, in case it repeats them. */
  secrets: (string | null)[];
  /** Milliseconds since the epoch: `Retry-After` may be a date. */
  now: number;
};

type Rule = { kind: FailureKind; retryable: boolean; matches: (signal: FailureSignal) => boolean };

const status = (...codes: number[]) => {
  return ({ statusCode }: FailureSignal) => statusCode !== null && codes.includes(statusCode);
};
const says = (pattern: RegExp) => (signal: FailureSignal) => pattern.test(signal.text);
const either = (...tests: Rule["matches"][]) => {
  return (signal: FailureSignal) => tests.some((test) => test(signal));
};

const OVERFLOW =
  /context_length_exceeded|context (length|window|size)|prompt is too long|input is too long|maximum (context|input|prompt)|too many (input )?tokens(?!, please wait| per)|input token count .{0,40}exceeds|exceeds? .{0,40}(context|token limit)|request_too_large/i;
const BILLING =
  /insufficient_quota|exceeded your current quota|\bbilling|payment required|credit balance|insufficient (credit|balance|funds)|out of credits|spending limit|usage limit|ServiceQuotaExceeded|tokens per day/i;
const UNKNOWN_MODEL =
  /model_not_found|DeploymentNotFound|model identifier is invalid|access to the model|invalid[ _]model|unknown model|model .{0,120}(not found|does not exist|not exist|not supported|is not available)|no such model/i;
const BAD_KEY =
  /authentication_error|invalid[ _]api[ _]key|api[ _]key[ _](not[ _]valid|invalid)|security token .{0,40}(invalid|expired)|UnrecognizedClient|ExpiredToken|incorrect api key|invalid x-api-key|api key .{0,40}(revoked|expired|invalid|disabled)|unauthorized/i;
const CONFIGURATION = new RegExp(`${OVERFLOW.source}|${UNKNOWN_MODEL.source}`, "i");
const isConfiguration = says(CONFIGURATION);

/** Google's words for a full minute and for a used-up plan are the same; only the minute comes with a time to wait. */
const isFullMinute = (signal: FailureSignal) =>
  says(/RESOURCE_EXHAUSTED/)(signal) && says(/retry in \d|retryDelay/i)(signal) && !says(/per ?day/i)(signal);

/**
 * First match wins. Sources: the vendors' error pages (Anthropic "Errors", OpenAI and Azure "Error codes", Google
 * "Troubleshooting", Bedrock "ConverseStream: Errors"), 2026-01.
 */
export const FAILURE_RULES: readonly Rule[] = [
  { kind: "stream_silence", retryable: true, matches: ({ cause }) => cause === "silence" },
  { kind: "timeout", retryable: true, matches: ({ cause }) => cause === "cut" || cause === "malformed" },
  { kind: "config", retryable: false, matches: ({ cause }) => cause === "certificate" || cause === "address" },
  { kind: "overloaded", retryable: true, matches: either(status(529), says(/overloaded|over capacity/i)) },
  { kind: "rate_limit", retryable: true, matches: isFullMinute },
  { kind: "content_filter", retryable: false, matches: says(/\bcontent_filter\b|content management policy/i) },
  { kind: "usage_limit", retryable: false, matches: either(status(402), says(BILLING)) },
  { kind: "context_overflow", retryable: false, matches: either(status(413), says(OVERFLOW)) },
  { kind: "auth", retryable: false, matches: either(status(401), says(BAD_KEY)) },
  { kind: "auth", retryable: false, matches: (signal) => status(403)(signal) && !isConfiguration(signal) },
  {
    kind: "rate_limit",
    retryable: true,
    matches: (signal) =>
      either(status(429), says(/rate[ _-]?limit|too many requests|throttling/i))(signal) && !isConfiguration(signal),
  },
  {
    kind: "timeout",
    retryable: true,
    matches: either(
      ({ cause }) => cause === "network",
      status(408, 409, 502, 503, 504),
      says(/timed? ?out|timeout_error/i),
    ),
  },
  { kind: "config", retryable: false, matches: either(status(400, 404, 405, 422), isConfiguration) },
  {
    kind: "generic",
    retryable: true,
    matches: either(
      ({ statusCode }) => statusCode !== null && statusCode >= 500,
      // Bedrock: the model itself failed.
      status(424),
      says(/server[ _]error|api_error|internal error/i),
    ),
  },
];

function labelOf(provider: string): string {
  if (provider === "openai-compat") return "The model server";
  return (PROVIDER_FACTS as Record<string, { label: string }>)[provider]?.label ?? provider;
}

const SENTENCES = {
  overloaded: "is overloaded.",
  rate_limit: "limits the rate of requests.",
  timeout: "broke off the answer or could not be reached.",
  stream_silence: "sent nothing for too long.",
  auth: "refused the API key.",
  usage_limit: "refused the request: the account's credit or quota is used up.",
  config: "did not accept the request. Check the model's name and settings and the provider's address.",
  missing_key: "has no API key.",
  provider_disabled: "is turned off.",
  content_filter: "withheld the answer.",
  context_overflow: "says that the conversation is too long for the model.",
  turn_limit: "worked for too long.",
  loop: "repeats itself.",
  quarantined: "made the worker crash.",
  workspace: "could not use the workspace.",
  generic: "failed with an unexpected error.",
} satisfies Record<FailureKind, string>;

/** The failure as the loop and the person need it. The provider's own `x-should-retry` wins over the table. */
export function describeFailure({ error, provider, secrets, now }: DescribeFailure): ModelFailure {
  const signal = readSignal(error, now);
  const rule = FAILURE_RULES.find(({ matches }) => matches(signal));
  const kind = rule?.kind ?? "generic";
  const chatError: ChatError = {
    kind,
    message: `${labelOf(provider)} ${SENTENCES[kind]}`,
    provider,
    status_code: signal.statusCode,
    retryable: signal.shouldRetry ?? rule?.retryable ?? false,
    detail: redact(signal.detail, secrets),
  };
  return { error: chatError, retryAfterMs: signal.retryAfterMs };
}

/** Long enough for a sentence and a request id. */
const MAX_DETAIL_CHARACTERS = 500;

function redact(detail: string | null, secrets: (string | null)[]): string | null {
  if (detail === null) return null;
  const clean = secrets.reduce<string>((text, secret) => (secret ? text.replaceAll(secret, "[key]") : text), detail);
  return Array.from(clean).slice(0, MAX_DETAIL_CHARACTERS).join("");
}
