/** What went wrong at a git host, so that callers can act on it. Its message is for a person and holds no secret. */

export const GIT_HOST_FAILURES = [
  "rate_limited",
  "unauthorized",
  "forbidden",
  "not_found",
  "rejected",
  "unreachable",
  "bad_answer",
] as const;
export type GitHostFailure = (typeof GIT_HOST_FAILURES)[number];

export class GitHostError extends Error {
  readonly kind: GitHostFailure;
  /** Of `rate_limited`: when the host may be asked again, in milliseconds since the epoch. */
  readonly retryAt: number | null;

  constructor(kind: GitHostFailure, message: string, options: { retryAt?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "GitHostError";
    this.kind = kind;
    this.retryAt = options.retryAt ?? null;
  }
}

/** Also of an error made in the other bundle. */
export const isGitHostError = (error: unknown): error is GitHostError =>
  error instanceof Error && error.name === "GitHostError" && "kind" in error;

/** A refusal of something that is not needed. */
export const orNothing =
  <T>(nothing: T) =>
  (error: unknown): T => {
    const isBearable =
      isGitHostError(error) && ["forbidden", "not_found", "rejected", "bad_answer"].includes(error.kind);
    if (!isBearable) throw error;
    return nothing;
  };
