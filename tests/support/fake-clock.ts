/** A clock that moves only when told. Waiting for it to be slept on uses microtasks, never time. */
import type { Clock } from "@/lib/clock";

type Sleeper = { wakesAt: number; wake: () => void };

export type FakeClock = Clock & {
  /** Moves time on, waking sleepers in order. */
  advance(ms: number): Promise<void>;
  /** Resolves once somebody sleeps, with how long they still want to, the shortest first. */
  sleeping(): Promise<number>;
};

/** Starts at 1,000,000 ms unless told. */
export function createFakeClock(startMs = 1_000_000): FakeClock {
  let now = startMs;
  const sleepers = new Set<Sleeper>();
  const next = () => [...sleepers].sort((a, b) => a.wakesAt - b.wakesAt)[0];

  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper: Sleeper = {
        wakesAt: now + ms,
        wake: () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      sleepers.add(sleeper);
      signal?.addEventListener("abort", onAbort, { once: true });
    });

  return {
    now: () => now,
    sleep,
    advance: async (ms) => {
      const until = now + ms;
      for (let sleeper = next(); sleeper && sleeper.wakesAt <= until; sleeper = next()) {
        now = Math.max(now, sleeper.wakesAt);
        sleeper.wake();
        await settled();
      }
      now = until;
      await settled();
    },
    sleeping: async () => {
      while (!next()) await settled();
      return next()!.wakesAt - now;
    },
  };
}

/** Lets everything that is ready run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
