import { APICallError, JSONParseError, TypeValidationError } from "@ai-sdk/provider";
import { describe, expect, test } from "vitest";
import { describeFailure } from "@/lib/agent/models/failure";
import { StreamFailure } from "@/lib/agent/models/failure-signal";
import type { FailureKind } from "@/lib/contract/chats";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const describeError = (error: unknown) =>
  describeFailure({ error, provider: "anthropic", secrets: ["sk-1"], now: NOW });

type Answered = { status?: number; body?: string; headers?: Record<string, string>; cause?: Error };
const answered = ({ status, body, headers, cause }: Answered) =>
  new APICallError({
    message: "Bad Request",
    url: "https://api.example",
    requestBodyValues: {},
    ...(status !== undefined && { statusCode: status }),
    ...(body !== undefined && { responseBody: body }),
    ...(headers && { responseHeaders: headers }),
    ...(cause && { cause }),
  });
const said = (status: number, type: string, message: string) =>
  answered({ status, body: JSON.stringify({ type: "error", error: { type, message } }) });
const withCode = (code: string, message = "connect") => Object.assign(new Error(message), { code });

const google = (code: number, status: string, message: string, details?: object[]) =>
  answered({ status: code, body: JSON.stringify({ error: { code, message, status, ...(details && { details }) } }) });
const bedrock = (status: number, kind: string, message: string) =>
  answered({
    status,
    body: JSON.stringify({ message }),
    headers: { "x-amzn-errortype": `${kind}:http://internal.amazon.com/` },
  });

/** Google's words for any quota, ai.google.dev "Rate limits", 2026-01. */
const QUOTA = "You exceeded your current quota, please check your plan and billing details.";

/** Bodies as the vendors send them, 2025 and 2026. */
const CASES: [string, unknown, FailureKind, boolean][] = [
  ["Anthropic 529", said(529, "overloaded_error", "Overloaded"), "overloaded", true],
  ["overloaded inside a stream", { type: "overloaded_error", message: "Overloaded" }, "overloaded", true],
  [
    "OpenAI over capacity",
    said(503, "server_error", "That model is currently overloaded with other requests."),
    "overloaded",
    true,
  ],
  [
    "Anthropic credit",
    said(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."),
    "usage_limit",
    false,
  ],
  [
    "OpenAI quota",
    said(429, "insufficient_quota", "You exceeded your current quota, please check your plan and billing details."),
    "usage_limit",
    false,
  ],
  ["payment required", said(402, "billing", "Insufficient credits"), "usage_limit", false],
  ["Anthropic key", said(401, "authentication_error", "invalid x-api-key"), "auth", false],
  ["OpenAI key", said(401, "invalid_request_error", "Incorrect API key provided: sk-1."), "auth", false],
  ["Google key, as 400", said(400, "INVALID_ARGUMENT", "API key not valid. Invalid API key."), "auth", false],
  [
    "Google key",
    google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [{ reason: "API_KEY_INVALID" }]),
    "auth",
    false,
  ],
  [
    "Google overload",
    google(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "overloaded",
    true,
  ],
  [
    "Google, a full minute",
    google(429, "RESOURCE_EXHAUSTED", `${QUOTA} Please retry in 17.2s.`, [{ quotaId: "RequestsPerMinutePerProject" }]),
    "rate_limit",
    true,
  ],
  [
    "Google, a full day",
    google(429, "RESOURCE_EXHAUSTED", `${QUOTA} Please retry in 17.2s.`, [{ quotaId: "RequestsPerDayPerProject" }]),
    "usage_limit",
    false,
  ],
  ["Google, no credit", google(429, "RESOURCE_EXHAUSTED", QUOTA), "usage_limit", false],
  [
    "context, Google",
    google(
      400,
      "INVALID_ARGUMENT",
      "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    ),
    "context_overflow",
    false,
  ],
  ["model, Google", google(404, "NOT_FOUND", "models/gemini-0 is not found for API version v1beta"), "config", false],
  ["deadline, Google", google(504, "DEADLINE_EXCEEDED", "Deadline expired"), "timeout", true],
  [
    "Google inside a stream",
    { message: "The model is overloaded.", type: "UNAVAILABLE", code: 503 },
    "overloaded",
    true,
  ],
  [
    "Bedrock throttling",
    bedrock(429, "ThrottlingException", "Too many tokens, please wait before trying again."),
    "rate_limit",
    true,
  ],
  [
    "Bedrock, a full day",
    bedrock(429, "ThrottlingException", "Too many tokens per day, please wait before trying again."),
    "usage_limit",
    false,
  ],
  [
    "Bedrock quota",
    bedrock(400, "ServiceQuotaExceededException", "Your request exceeds the service quota."),
    "usage_limit",
    false,
  ],
  [
    "Bedrock keys",
    bedrock(403, "UnrecognizedClientException", "The security token included in the request is invalid."),
    "auth",
    false,
  ],
  ["Bedrock model", bedrock(400, "ValidationException", "The provided model identifier is invalid."), "config", false],
  [
    "Bedrock access",
    bedrock(403, "AccessDeniedException", "You don't have access to the model with the specified model ID."),
    "config",
    false,
  ],
  [
    "context, Bedrock",
    bedrock(400, "ValidationException", "Input is too long for requested model."),
    "context_overflow",
    false,
  ],
  ["Bedrock model error", bedrock(424, "ModelErrorException", "The model failed."), "generic", true],
  [
    "Bedrock inside a stream",
    { message: "Slow down.", type: "throttlingException", statusCode: 429 },
    "rate_limit",
    true,
  ],
  [
    "a frame of Bedrock's cut in two",
    new Error("Incomplete Amazon Bedrock event-stream frame: 9 buffered bytes remain at end of stream."),
    "timeout",
    true,
  ],
  [
    "Azure key",
    said(401, "401", "Access denied due to invalid subscription key or wrong API endpoint."),
    "auth",
    false,
  ],
  [
    "Azure deployment",
    said(404, "DeploymentNotFound", "The API deployment for this resource does not exist."),
    "config",
    false,
  ],
  [
    "Azure rate",
    said(
      429,
      "429",
      "Requests have exceeded token rate limit of your current pricing tier. Please retry after 20 seconds.",
    ),
    "rate_limit",
    true,
  ],
  [
    "Azure content filter",
    said(
      400,
      "content_filter",
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    ),
    "content_filter",
    false,
  ],
  [
    "OpenRouter credit",
    said(402, "402", "Insufficient credits. Add more using https://openrouter.ai/credits"),
    "usage_limit",
    false,
  ],
  ["OpenRouter without a provider", said(503, "503", "No instances available"), "timeout", true],
  [
    "Responses failed inside a stream",
    {
      type: "response.failed",
      response: { error: { code: "context_length_exceeded", message: "Your input exceeds the context window." } },
    },
    "context_overflow",
    false,
  ],
  [
    "Responses failed before any output",
    answered({
      status: 500,
      body: '{"type":"response.failed","response":{"error":{"code":"server_error","message":"An error occurred."}}}',
    }),
    "generic",
    true,
  ],
  [
    "forbidden",
    said(403, "permission_error", "Your API key does not have permission to use the resource."),
    "auth",
    false,
  ],
  [
    "forbidden for the model",
    said(403, "model_not_found", "Project does not have access to model gpt-9"),
    "config",
    false,
  ],
  [
    "Anthropic rate",
    said(429, "rate_limit_error", "This request would exceed your organization's rate limit of 40,000 tokens"),
    "rate_limit",
    true,
  ],
  ["too many requests as text", answered({ status: 429, body: "Too Many Requests" }), "rate_limit", true],
  [
    "context, Anthropic",
    said(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
    "context_overflow",
    false,
  ],
  [
    "context, OpenAI",
    said(400, "context_length_exceeded", "This model's maximum context length is 128000 tokens."),
    "context_overflow",
    false,
  ],
  [
    "context, vLLM",
    said(
      400,
      "BadRequestError",
      "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens",
    ),
    "context_overflow",
    false,
  ],
  ["body too large", said(413, "request_too_large", "Request exceeds the maximum size"), "context_overflow", false],
  ["model, Anthropic", said(404, "not_found_error", "model: claude-nope"), "config", false],
  [
    "model, OpenAI",
    said(404, "model_not_found", "The model `gpt-nope` does not exist or you do not have access to it."),
    "config",
    false,
  ],
  [
    "model, Ollama",
    answered({ status: 404, body: '{"error":{"message":"model \\"x\\" not found, try pulling it first"}}' }),
    "config",
    false,
  ],
  ["a bad parameter", said(400, "invalid_request_error", "temperature: range: 0..1"), "config", false],
  ["408", answered({ status: 408, body: "" }), "timeout", true],
  [
    "502 as a page",
    answered({ status: 502, body: "<html><style>b{}</style><h1>Bad gateway</h1></html>" }),
    "timeout",
    true,
  ],
  ["503", said(503, "service_unavailable", "Try later"), "timeout", true],
  ["504", answered({ status: 504, body: "" }), "timeout", true],
  ["500", said(500, "api_error", "Internal server error"), "generic", true],
  ["a proxy's 520", answered({ status: 520, body: "unknown" }), "generic", true],
  ["server error inside a stream", { type: "server_error", message: "The server had an error" }, "generic", true],
  ["connection refused", answered({ cause: withCode("ECONNREFUSED") }), "timeout", true],
  [
    "connection reset while reading",
    answered({ status: 200, cause: withCode("ECONNRESET", "terminated") }),
    "timeout",
    true,
  ],
  ["unknown host", answered({ cause: withCode("ENOTFOUND") }), "timeout", true],
  ["bad certificate", answered({ cause: withCode("DEPTH_ZERO_SELF_SIGNED_CERT") }), "config", false],
  ["expired certificate", answered({ cause: withCode("CERT_HAS_EXPIRED") }), "config", false],
  [
    "a cut stream",
    new TypeError("terminated", { cause: withCode("UND_ERR_SOCKET", "other side closed") }),
    "timeout",
    true,
  ],
  ["no end", new StreamFailure("cut", "The answer ended."), "timeout", true],
  ["silence", new StreamFailure("silence", "No event."), "stream_silence", true],
  ["broken JSON", new JSONParseError({ text: '{"ty', cause: new Error() }), "timeout", true],
  [
    "an error of unknown shape in a stream",
    new TypeValidationError({ value: { error: "CUDA out of memory" }, cause: new Error() }),
    "generic",
    false,
  ],
  ["JSON of unknown shape", new TypeValidationError({ value: { choices: 3 }, cause: new Error() }), "timeout", true],
  ["something else", new Error("odd"), "generic", false],
];

test.each(CASES)("%s", (_, error, kind, retryable) => {
  expect(describeError(error).error).toMatchObject({ kind, retryable });
});

describe("the provider's words", () => {
  test("stand in the detail, at most 500 characters", () => {
    expect(describeError(said(500, "api_error", "x".repeat(600))).error.detail).toHaveLength(500);
  });

  test("are shown without the key", () => {
    expect(describeError(said(401, "e", "Incorrect API key provided: sk-1.")).error.detail).toBe(
      "Incorrect API key provided: [key].",
    );
  });

  test("are read out of a web page", () => {
    const page = answered({ status: 502, body: "<html><style>b{}</style><h1>Bad gateway</h1>\n<p>nginx</p></html>" });
    expect(describeError(page).error.detail).toBe("Bad gateway nginx");
  });

  test("decide about retrying when they do", () => {
    const never = answered({ status: 500, body: "{}", headers: { "x-should-retry": "false" } });
    const always = answered({ status: 400, body: "{}", headers: { "x-should-retry": "true" } });
    expect(describeError(never).error.retryable).toBe(false);
    expect(describeError(always).error.retryable).toBe(true);
  });
});

test.each([
  [{ "retry-after": "12" }, 12_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
  [{ "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }, 60_000],
  [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
  [{ "retry-after": "soon" }, null],
  [{}, null],
])("Retry-After %o is %s ms", (headers, expected) => {
  expect(
    describeError(answered({ status: 429, body: "{}", headers: { ...headers } as Record<string, string> }))
      .retryAfterMs,
  ).toBe(expected);
});

test.each([
  ['{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"17s"}]}}', 17_000],
  ['{"error":{"code":429,"message":"Please retry in 17.25s."}}', 17_250],
  ["{}", null],
])("Google's own words on when to retry, %s, are %s ms", (body, expected) => {
  expect(describeError(answered({ status: 429, body })).retryAfterMs).toBe(expected);
});
