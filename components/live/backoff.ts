const BASE_MS = 1_000;
const MAX_MS = 5_000;
/** Tabs and people must not come back in step. */
const JITTER = 0.3;

/** Milliseconds before reconnection number `attempt`, from 1: 1 s doubling to 5 s, ± 30 %. `random` is in [0, 1). */
export function reconnectDelayMs(attempt: number, random: number): number {
  const plainMs = Math.min(BASE_MS * 2 ** (attempt - 1), MAX_MS);
  return Math.round(plainMs * (1 + JITTER * (2 * random - 1)));
}
