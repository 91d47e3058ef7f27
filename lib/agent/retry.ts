/** When a failed model call is repeated, and after how long. Pure; the loop waits. */
import type { ModelFailure, TurnLimits } from "./types";

/** The first pause is at most this; every further one twice as long. */
const BASE_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
/** A provider that asks for more than this is out of service for us: the person decides, not a timer. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1_000;

type FailedCall = {
  failure: ModelFailure;
  /** Failed attempts at this step, this one included; from 1. */
  failedAttempts: number;
  /** From 0 up to, not including, 1. */
  random: () => number;
  limits: Pick<TurnLimits, "maxAttempts">;
};

/**
 * How long to wait before the next attempt, in milliseconds, or null when there is none. Full jitter over
 * `min(1 s × 2ⁿ, 60 s)`, so that chats which failed together do not return together; `Retry-After` is a minimum.
 */
export function retryDelayMs({ failure, failedAttempts, random, limits }: FailedCall): number | null {
  const askedMs = failure.retryAfterMs ?? 0;
  if (!failure.error.retryable || failedAttempts >= limits.maxAttempts || askedMs > MAX_RETRY_AFTER_MS) return null;
  const ceilingMs = Math.min(BASE_DELAY_MS * 2 ** (failedAttempts - 1), MAX_DELAY_MS);
  return Math.max(Math.round(random() * ceilingMs), askedMs);
}
