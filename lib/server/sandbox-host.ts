/**
 * Which process hosts the sandboxes of a data directory: builds them, keeps their gateways, reaps them. One at a time,
 * by a lock that dies with its holder; the others wait to take over. Knows nothing of sandboxes themselves.
 */
import { join } from "node:path";
import type { Clock } from "@/lib/clock";
import { log } from "@/lib/log";
import { type ProcessLock, tryProcessLock } from "@/lib/process-lock";

/** A dead host is replaced within this time. */
const RETRY_MS = 1_000;

/**
 * Calls `host` once this process holds the lock: before it resolves when nobody else does, later otherwise.
 * Returns the function that stops waiting, or lets go.
 */
export async function hostSandboxes(options: {
  dataDir: string;
  clock: Clock;
  host: () => Promise<void>;
}): Promise<() => Promise<void>> {
  const path = join(options.dataDir, "sandboxes.lock");
  const closing = new AbortController();
  let lock = await tryProcessLock(path);
  if (lock.isHeld) await options.host();
  else {
    log.info("another process hosts the sandboxes", { holder: lock.holder });
    void waitForLock();
  }

  async function waitForLock(): Promise<void> {
    while (!lock.isHeld && !closing.signal.aborted) {
      await options.clock.sleep(RETRY_MS, closing.signal).catch(() => {});
      if (closing.signal.aborted) return;
      try {
        lock = await tryProcessLock(path);
        if (lock.isHeld) await options.host();
      } catch (err) {
        log.error("hosting the sandboxes failed", { err });
        await letGo(lock);
        lock = { isHeld: false, holder: 0 };
      }
    }
  }

  return async () => {
    closing.abort(new Error("The server is stopping."));
    await letGo(lock);
  };
}

async function letGo(lock: ProcessLock): Promise<void> {
  if (lock.isHeld) await lock.release();
}
