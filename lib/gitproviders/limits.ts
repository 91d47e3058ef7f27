/** What a host's headers say about its limits, in the spellings of GitHub, GitLab and Forgejo. Pure. */
import { GitHostError } from "./git-host-error";
import type { HostLimits } from "./port";

type Headers = Record<string, string | number | undefined>;

/** A limit without a time: GitHub asks for at least one minute (docs, "Rate limits for the REST API", read 2026-11). */
const DEFAULT_WAIT_MS = 60_000;
/** Nobody's window is longer than this; a date beyond it is a mistake of the host. */
const MAX_WAIT_MS = 3_600_000;

/** Undefined when the host does not say. */
export function readLimits(headers: Headers): HostLimits | undefined {
  const limit = toNumber(headers["x-ratelimit-limit"] ?? headers["ratelimit-limit"]);
  const remaining = toNumber(headers["x-ratelimit-remaining"] ?? headers["ratelimit-remaining"]);
  const reset = toNumber(headers["x-ratelimit-reset"] ?? headers["ratelimit-reset"]);
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined;
  return { limit, remaining, resetAt: reset * 1_000 };
}

/**
 * A limit that was hit, as an error with the time it ends; undefined for any other answer. `nowMs` is the time of the
 * answer.
 */
export function limitError(
  answer: { status: number; headers: Headers; message: string; host: string },
  nowMs: number,
): GitHostError | undefined {
  const { status, headers } = answer;
  const retryAfter = parseRetryAfter(headers["retry-after"], nowMs);
  const isSpent = toNumber(headers["x-ratelimit-remaining"] ?? headers["ratelimit-remaining"]) === 0;
  const isLimit =
    status === 429 || (status === 403 && (retryAfter !== undefined || isSpent || saysLimit(answer.message)));
  if (!isLimit) return undefined;
  const reset = isSpent ? readLimits({ "x-ratelimit-limit": 0, ...headers })?.resetAt : undefined;
  const wanted = Math.max(retryAfter ?? 0, reset ?? 0) || nowMs + DEFAULT_WAIT_MS;
  const retryAt = Math.min(Math.max(wanted, nowMs + 1_000), nowMs + MAX_WAIT_MS);
  const until = new Date(retryAt).toISOString().slice(11, 19);
  return new GitHostError("rate_limited", `${answer.host} limits requests; it is asked again at ${until} UTC.`, {
    retryAt,
  });
}

/** GitHub's secondary limit may come without any header. */
const saysLimit = (message: string): boolean => /rate limit|abuse detection/i.test(message);

/** Seconds or an HTTP date. */
function parseRetryAfter(value: string | number | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = toNumber(value);
  if (seconds !== undefined) return nowMs + seconds * 1_000;
  const date = Date.parse(String(value));
  return Number.isNaN(date) ? undefined : date;
}

function toNumber(value: string | number | undefined): number | undefined {
  const number = value === undefined || value === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}
