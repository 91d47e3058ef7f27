/** Error codes of the HTTP contract and the one error class that carries them. Knows nothing of HTTP frameworks. */

/** The code → status table. A client may switch on `code`; the status follows from it. */
export const ERROR_STATUS = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  unprocessable: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

export type Validation = { field: string; detail: string };

/** The body of every failed answer. `facts` of an `ApiError` are merged beside `code`. */
export type ErrorBody = { code: ErrorCode; message: string; request_id: string; validations: Validation[] };

type ApiErrorOptions = {
  cause?: unknown;
  validations?: Validation[];
  /** Facts a client may act on, merged into the body (for example `spent_micros`). Never secrets. */
  facts?: Record<string, unknown>;
  headers?: Record<string, string>;
};

/** A failure that a client is told about. The message says what failed, the value received and what to do. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly validations: Validation[];
  readonly facts: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.validations = options.validations ?? [];
    this.facts = options.facts ?? {};
    this.headers = options.headers ?? {};
  }
}

/** Whether a thrown value is an `ApiError`, also one made in the other bundle (no `instanceof` across bundles). */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === "ApiError" && "code" in error;
}

/** The one answer for a missing object and for another person's object. */
export const notFound = (): ApiError => new ApiError("not_found", "Nothing was found at this address.");
