/**
 * This process's lease on everything it runs: one row, renewed by a heartbeat. A worker that cannot renew it stops its
 * own runs before others may take them. The database's clock decides; ours only measures how long ago we heard from it.
 */
import { randomInt } from "node:crypto";
import { deleteWorker, insertWorker, updateHeartbeat } from "@/db/queries/workers";
import { holdSessionLock, type SessionLock } from "@/db/session-lock";
import type { ChatWriter } from "@/lib/chats/transition";
import type { Clock } from "@/lib/clock";
import { failpoint } from "@/lib/failpoint";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";

export type Lease = {
  /** Changes when the worker had to register anew. */
  workerId(): string;
  /** Takes the lease and renews it until the signal is aborted. */
  hold(signal: AbortSignal): Promise<void>;
  /** Gives it up, so that nobody waits for it to run out. */
  release(): Promise<void>;
  /** Nobody may have taken this worker for dead yet: what it has, and what it claims now, is safe with it. */
  isSure(): boolean;
  /** Why the lease is not held, or null. */
  problem(): string | null;
};

export type LeaseOptions = {
  sql: ChatWriter["sql"];
  clock: Clock;
  heartbeatMs: number;
  leaseMs: number;
  worker: { installId: string; bootId: string; version: string };
  /** No other process can share this database: nobody would look at a lock. */
  isSolo: boolean;
  /** The lease is lost, or about to be: stop everything that relies on it. */
  onLost: () => void;
  /** It was not sure for a while, and is again. */
  onRegained: () => void;
};

export function createLease(options: LeaseOptions): Lease {
  const { sql, clock, heartbeatMs, leaseMs, worker, isSolo, onLost, onRegained } = options;
  let workerId = newId();
  let problem: string | null = "The worker is not registered yet.";
  /**
   * One beat before the lease ends: time to stop before others may start. A quarter of the lease where a beat is longer
   * than that, since the next one has to come, and be answered, before this time.
   */
  const safeMs = leaseMs - Math.min(heartbeatMs, leaseMs / 4);

  /** Our clock, when what the database answered last was asked. */
  let renewedAt = Number.NEGATIVE_INFINITY;
  const isSure = () => clock.now() < renewedAt + safeMs;

  const lockKey = randomInt(2 ** 47);
  let lock: SessionLock | undefined;

  async function register(): Promise<void> {
    const startedAt = clock.now();
    workerId = newId();
    await failpoint("lease.register", () => insertWorker(sql, { id: workerId, lockKey, ...worker }));
    renewedAt = startedAt;
    problem = null;
  }

  async function beat(): Promise<void> {
    if (await failpoint("lease.beat", () => updateHeartbeat(sql, { id: workerId }))) return;
    log.warn("worker was taken for dead", { workerId });
    onLost();
    await register();
  }

  async function keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(heartbeatMs, signal).catch(() => {});
      if (signal.aborted) return;
      const fence = setTimeout(onLost, Math.max(0, renewedAt + safeMs - clock.now()));
      const startedAt = clock.now();
      try {
        const wasSure = isSure();
        await beat();
        renewedAt = startedAt;
        problem = null;
        if (!wasSure) onRegained();
      } catch (error) {
        problem = "The database does not answer the heartbeat.";
        log.warn("heartbeat failed", { workerId, err: error });
        if (clock.now() - renewedAt >= safeMs) onLost();
      } finally {
        clearTimeout(fence);
      }
    }
  }

  return {
    workerId: () => workerId,
    isSure,
    problem: () => problem,
    async hold(signal) {
      if (!isSolo) lock = await failpoint("lease.lock", () => holdSessionLock(sql, { key: lockKey }));
      await register();
      void keep(signal);
    },
    async release() {
      await failpoint("lease.release", () => deleteWorker(sql, { id: workerId }));
      await lock?.close();
    },
  };
}
