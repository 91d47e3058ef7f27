/**
 * How often a password may be guessed: 5 failures a minute per account, 20 per address of the sender. In memory of this
 * process; a restart forgets. Someone whose browser signed in before has a budget of their own (the device cookie), so
 * that a stranger who guesses on purpose locks nobody out.
 */
import type { Clock } from "@/lib/clock";
import { ApiError } from "@/lib/contract/errors";

const WINDOW_MS = 60_000;
const MAX_PER_ACCOUNT = 5;
const MAX_PER_SENDER = 20;
/** About 2 MB of keys; beyond it the oldest windows go, which are also the first to end. */
const MAX_WINDOWS = 10_000;

type Window = { count: number; endsAt: number };

export type SignInLimit = {
  /**
   * Counts an attempt before it is judged, so that attempts at once cannot all slip through.
   * Returns the function that takes it back when the attempt succeeds.
   * @throws ApiError `rate_limited` with `Retry-After`.
   */
  countAttempt(attempt: { account: string; sender: string; device: string | undefined }): () => void;
};

const limits = new WeakMap<Clock, SignInLimit>();

/** The one limit of the process that this clock belongs to. */
export function signInLimitOf(clock: Clock): SignInLimit {
  const limit = limits.get(clock) ?? createSignInLimit(() => clock.now());
  limits.set(clock, limit);
  return limit;
}

/** @param now milliseconds since the epoch. */
export function createSignInLimit(now: () => number): SignInLimit {
  const windows = new Map<string, Window>();

  const windowOf = (key: string): Window => {
    const known = windows.get(key);
    if (known && known.endsAt > now()) return known;
    windows.delete(key);
    const oldest = windows.size >= MAX_WINDOWS ? windows.keys().next().value : undefined;
    if (oldest !== undefined) windows.delete(oldest);
    const fresh = { count: 0, endsAt: now() + WINDOW_MS };
    windows.set(key, fresh);
    return fresh;
  };

  return {
    countAttempt({ account, sender, device }) {
      const budgets = device
        ? [{ window: windowOf(`device ${device}`), max: MAX_PER_ACCOUNT }]
        : [
            { window: windowOf(`account ${account}`), max: MAX_PER_ACCOUNT },
            { window: windowOf(`sender ${sender}`), max: MAX_PER_SENDER },
          ];
      const full = budgets.filter(({ window, max }) => window.count >= max).map(({ window }) => window.endsAt);
      if (full.length > 0) throw tooMany(Math.max(...full) - now());
      for (const { window } of budgets) window.count++;
      return () => {
        for (const { window } of budgets) window.count--;
      };
    },
  };
}

function tooMany(waitMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ApiError("rate_limited", `Too many failed sign-ins. Try again in ${seconds} seconds.`, {
    headers: { "retry-after": String(seconds) },
  });
}
