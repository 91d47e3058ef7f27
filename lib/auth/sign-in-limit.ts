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
  /** How many budgets are remembered; at most 10,000. */
  windowCount(): number;
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
  /** By key, in the order of their ends. */
  const windows = new Map<string, Window>();

  const findOpen = (key: string): Window | undefined => {
    const window = windows.get(key);
    return window && window.endsAt > now() ? window : undefined;
  };

  const open = (key: string): Window => {
    windows.delete(key);
    if (windows.size >= MAX_WINDOWS) dropOldest(windows);
    const window = { count: 0, endsAt: now() + WINDOW_MS };
    windows.set(key, window);
    return window;
  };

  return {
    countAttempt({ account, sender, device }) {
      const budgets = device
        ? [{ key: `device ${device}`, max: MAX_PER_ACCOUNT }]
        : [
            { key: `account ${account}`, max: MAX_PER_ACCOUNT },
            { key: `sender ${sender}`, max: MAX_PER_SENDER },
          ];
      const ends = budgets.map(({ key, max }) => {
        const window = findOpen(key);
        return window && window.count >= max ? window.endsAt : 0;
      });
      // A refused attempt opens no window: filling the memory would take thousands of senders.
      const latestEnd = Math.max(...ends);
      if (latestEnd > 0) throw tooMany(latestEnd - now());
      const counted = budgets.map(({ key }) => findOpen(key) ?? open(key));
      for (const window of counted) window.count++;
      return () => {
        for (const window of counted) window.count--;
      };
    },
    windowCount: () => windows.size,
  };
}

/** A tenth at a time: a Map that loses its first entry again and again becomes slow. */
function dropOldest(windows: Map<string, Window>): void {
  let left = MAX_WINDOWS / 10;
  for (const key of windows.keys()) {
    if (left-- === 0) return;
    windows.delete(key);
  }
}

function tooMany(waitMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ApiError("rate_limited", `Too many failed sign-ins. Try again in ${seconds} seconds.`, {
    headers: { "retry-after": String(seconds) },
  });
}
