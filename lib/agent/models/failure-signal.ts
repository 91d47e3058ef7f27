/** Reads what is known out of anything a model call can throw or stream as an error. Pure; judges nothing. */
import { APICallError, JSONParseError, TypeValidationError } from "@ai-sdk/provider";

/** What kept an answer from coming when no provider said so. */
export type FailureCause = "silence" | "cut" | "malformed" | "network" | "certificate" | "address" | null;

export type FailureSignal = {
  cause: FailureCause;
  statusCode: number | null;
  /** Codes, types and message together, for patterns. */
  text: string;
  /** The provider's own words, or ours for a network failure. */
  detail: string | null;
  retryAfterMs: number | null;
  /** The provider's `x-should-retry`. */
  shouldRetry: boolean | null;
};

/** An end that is not the provider's word: no event for too long, no proper end, or no event stream at all. */
export class StreamFailure extends Error {
  readonly reason: "silence" | "cut" | "malformed" | "address";

  constructor(reason: StreamFailure["reason"], message: string) {
    super(message);
    this.name = "StreamFailure";
    this.reason = reason;
  }
}

/** `now` in milliseconds since the epoch. */
export function readSignal(error: unknown, now: number): FailureSignal {
  const nothing: FailureSignal = {
    cause: null,
    statusCode: null,
    text: "",
    detail: null,
    retryAfterMs: null,
    shouldRetry: null,
  };
  if (error instanceof StreamFailure) {
    return { ...nothing, cause: error.reason, text: error.message, detail: error.message };
  }
  if (JSONParseError.isInstance(error)) return malformed(nothing, error.text);
  if (TypeValidationError.isInstance(error)) return validationSignal(nothing, error.value);
  if (APICallError.isInstance(error)) return callSignal(nothing, error, now);
  if (error instanceof Error) return errorSignal(nothing, error);
  return { ...nothing, ...providerWords(error) };
}

function callSignal(nothing: FailureSignal, error: APICallError, now: number): FailureSignal {
  const headers = error.responseHeaders ?? {};
  const shouldRetry = headers["x-should-retry"];
  const answered = {
    ...nothing,
    statusCode: error.statusCode ?? null,
    retryAfterMs: retryAfterMs(headers, now) ?? delayInWords(error.responseBody ?? ""),
    shouldRetry: shouldRetry === "true" || shouldRetry === "false" ? shouldRetry === "true" : null,
  };
  if (error.responseBody) {
    const words = providerWords(parseBody(error.responseBody));
    // Bedrock names the kind of error in a header only.
    const kind = headers["x-amzn-errortype"] ?? "";
    return {
      ...answered,
      ...words,
      text: `${kind} ${words.text}`,
      statusCode: error.statusCode ?? words.statusCode ?? null,
    };
  }
  // A 2xx answer that broke while it was read, or no answer at all.
  if (error.statusCode === undefined || error.statusCode < 300) {
    const signal = errorSignal(nothing, error.cause instanceof Error ? error.cause : error);
    return { ...signal, cause: signal.cause ?? "network" };
  }
  return { ...answered, text: error.message, detail: error.message };
}

/** OpenSSL and Node names, nodejs.org/api/tls.html#x509-certificate-error-codes. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS|ERR_SSL/;

function errorSignal(nothing: FailureSignal, error: Error): FailureSignal {
  const code = errorCode(error);
  const detail = [error.message, ...(code && !error.message.includes(code) ? [code] : [])].join(" ");
  const said = { ...nothing, text: detail, detail };
  if (code === "ERR_INVALID_URL") return { ...said, cause: "address" };
  if (code && CERTIFICATE.test(code)) return { ...said, cause: "certificate" };
  // @ai-sdk/anthropic 4.0.105 throws this when the first event of a stream does not parse.
  if (error.message === "Expected a normalized Anthropic stream error") {
    return malformed(nothing, "the first event");
  }
  if (/empty response body|ended without a finish reason|incomplete .{0,20}event-stream frame/i.test(error.message))
    return { ...said, cause: "cut" };
  // What is no HTTP has no code.
  if (code || ["TypeError", "HTTPParserError"].includes(error.name)) return { ...said, cause: "network" };
  return said;
}

const malformed = (nothing: FailureSignal, received: string): FailureSignal => {
  const detail = `The stream could not be read: ${received.slice(0, 200)}`;
  return { ...nothing, cause: "malformed", text: "", detail };
};

function validationSignal(nothing: FailureSignal, value: unknown): FailureSignal {
  const hasError = typeof value === "object" && value !== null && "error" in value;
  return hasError ? { ...nothing, ...providerWords(value) } : malformed(nothing, JSON.stringify(value) ?? "nothing");
}

/** The error codes of a cause chain; undici puts the socket's beneath its own. */
function errorCode(error: Error): string | null {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : current;
    if (inner instanceof Error && "code" in inner && typeof inner.code === "string") return inner.code;
    current = current.cause;
  }
  return null;
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // A proxy's HTML page: its text without the tags says enough.
    return body
      .replace(/<(style|script)[\s\S]*?<\/\1>/gi, " ")
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim();
  }
}

/** `{error: {type, code, status, message, details}}`, `{error: "…"}`, `{response: {error}}`, `{message}`, `{detail}` or text. */
function providerWords(body: unknown): { text: string; detail: string | null; statusCode?: number } {
  if (typeof body === "string") return { text: body, detail: body || null };
  if (typeof body !== "object" || body === null) return { text: String(body), detail: String(body) };
  if ("error" in body && body.error) {
    if (typeof body.error === "object" || typeof body.error === "string") return providerWords(body.error);
  }
  if ("response" in body && typeof body.response === "object" && body.response !== null) {
    return providerWords(body.response);
  }
  if ("data" in body && typeof body.data === "object" && body.data !== null && !("message" in body)) {
    return providerWords(body.data);
  }
  const record = body as Record<string, unknown>;
  const message = [record.message, record.detail].find((words) => typeof words === "string" && words !== "");
  const names = [record.type, record.code, record.status].filter(
    (name) => typeof name === "string" || typeof name === "number",
  );
  const detail = typeof message === "string" ? message : JSON.stringify(body);
  const code = [record.statusCode, record.code].find(
    (value) => typeof value === "number" && value >= 400 && value < 600,
  );
  return {
    text: [...names, detail, ...(record.details ? [JSON.stringify(record.details)] : [])].join(" "),
    detail,
    ...(typeof code === "number" && { statusCode: code }),
  };
}

function retryAfterMs(headers: Record<string, string>, now: number): number | null {
  const exactMs = Number.parseFloat(headers["retry-after-ms"] ?? "");
  if (exactMs >= 0) return Math.ceil(exactMs);
  const asked = headers["retry-after"]?.trim();
  if (!asked) return null;
  if (/^\d+(\.\d+)?$/.test(asked)) return Math.ceil(Number(asked) * 1_000);
  const date = Date.parse(asked);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** Google says it in the body: `"retryDelay": "17s"`, or "Please retry in 17.2s." */
function delayInWords(body: string): number | null {
  const seconds = /(?:"retryDelay":\s*"|retry in )(\d+(?:\.\d+)?)s/.exec(body)?.[1];
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1_000);
}
