/** The pull-request worker: claims what is due, in batches, and has it looked at. The daemon starts it. */
import { parseRemote } from "@/lib/gitproviders/remote";
import { log } from "@/lib/log";
import { createBudget } from "./budget";
import { groupBy, type RefreshParts, refreshGroup } from "./refresh";
import type { ClaimedReference } from "./store";

/** One statement's worth; its rows are held no longer than the lease of five minutes. */
const BATCH = 50;
/** Groups at once: their hosts answer in a second, so that one batch takes a few. */
const CONCURRENCY = 10;
/** A tick that finds more and more to do ends; the next goes on. */
const TICK_MS = 30_000;

export type SyncWorker = {
  /** Looks at everything that is due. Calls at the same time are one. Never throws. */
  tick(): Promise<void>;
  /** Ticks when woken and every `intervalMs`, until the signal aborts. */
  run(options: { intervalMs: number }): Promise<void>;
  wake(): void;
};

export function createSyncWorker(given: Omit<RefreshParts, "budget">, signal: AbortSignal): SyncWorker {
  const parts: RefreshParts = { ...given, budget: createBudget(given.clock) };
  let running: Promise<void> | undefined;
  let woken = new AbortController();
  const tick = async () => {
    running ??= drain(parts, signal)
      .catch((err: unknown) => {
        if (!signal.aborted) log.error("the pull-request worker failed", { err });
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  return {
    tick,
    wake: () => woken.abort(),
    async run({ intervalMs }) {
      while (!signal.aborted) {
        woken = new AbortController();
        await tick();
        await parts.clock.sleep(intervalMs, AbortSignal.any([signal, woken.signal])).catch(() => {});
      }
    },
  };
}

async function drain(parts: RefreshParts, signal: AbortSignal): Promise<void> {
  const endsAt = parts.clock.now() + TICK_MS;
  for (let more = true; more && !signal.aborted && parts.clock.now() < endsAt; ) {
    const claimed = await parts.store.claim({ limit: BATCH });
    const groups = groupBy(claimed.references, groupOf);
    await inParallel(groups, (group) => refreshGroup(parts, group, signal));
    more = claimed.more;
  }
}

/** One person, one repository, however its remote is spelt. */
function groupOf({ ownerId, origin, url }: ClaimedReference): string {
  const repository = parseRemote(origin);
  const place = repository
    ? `${repository.host}/${repository.owner}/${repository.name}`.toLowerCase()
    : (url ?? origin);
  return `${ownerId} ${place}`;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}
