/** The embedded server's files: supervisor's lock, owners. Knows no SQL. */
import { chown, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findLockHolder, tryProcessLock } from "@/lib/process-lock";

/** An earlier process may be on its way out: its launcher was killed a moment ago. */
const PREDECESSOR_TIMEOUT_MS = 3_000;

const lockPath = (dataDir: string): string => join(dataDir, "supervisor.lock");

/**
 * Makes this process the data directory's only supervisor, until the returned function is called or the process dies.
 * @throws Error naming the live process that holds it.
 */
export async function lockDataDirectory(dataDir: string): Promise<() => Promise<void>> {
  const deadline = Date.now() + PREDECESSOR_TIMEOUT_MS;
  for (;;) {
    const lock = await tryProcessLock(lockPath(dataDir));
    if (lock.isHeld) return lock.release;
    if (Date.now() > deadline) {
      throw new Error(
        `Another Slipway (process ${lock.holder}) uses ${dataDir}. Stop it, or set another SLIPWAY_DATA_DIR.`,
      );
    }
    await delay(50);
  }
}

/** The process that supervises the data directory now; undefined when none does. */
export const findSupervisor = (dataDir: string): Promise<number | undefined> => findLockHolder(lockPath(dataDir));

/** Changes the owner of a directory and everything in it. */
export async function chownTree(path: string, uid: number, gid: number): Promise<void> {
  await chown(path, uid, gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await chownTree(child, uid, gid);
    else if (entry.isFile()) await chown(child, uid, gid);
  }
}
