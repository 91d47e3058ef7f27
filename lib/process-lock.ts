/** A lock file that names a live process, for one machine. Whoever dies lets go of it; knows nothing of what it guards. */
import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";

export type ProcessLock = { isHeld: true; release(): Promise<void> } | { isHeld: false; holder: number };

/** Dead holders that are cleared away before giving up; each is one process that died. */
const MAX_ATTEMPTS = 20;

/** Takes the lock at `path` for this process, or tells which live process has it. Never waits. */
export async function tryProcessLock(path: string): Promise<ProcessLock> {
  const own = `${path}.${process.pid}.${randomUUID()}`;
  // Whole from the start: a file that is still empty would look like a dead process's.
  await writeFile(own, `${process.pid} ${await processStart(process.pid)}`, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      if (await claims(own, path)) return { isHeld: true, release: () => rm(path, { force: true }) };
      const content = await readFile(path, "utf8").catch(() => undefined);
      if (content === undefined) continue;
      const holder = await livingHolder(content);
      if (holder !== undefined) return { isHeld: false, holder };
      await clearAway(path, content);
    }
    throw new Error(`The lock ${path} could not be taken. Is another Slipway starting again and again?`);
  } finally {
    await rm(own, { force: true });
  }
}

/** The live process that holds the lock; undefined when nobody does. */
export async function findLockHolder(path: string): Promise<number | undefined> {
  return livingHolder(await readFile(path, "utf8").catch(() => ""));
}

/** When a live process started, in a form that no other process and no other boot repeats; undefined for the dead and for zombies. */
export async function processStart(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  // The command's name, in parentheses, may hold spaces: fields are counted after it.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (!fields || fields[0] === "Z" || fields[0] === "X") return undefined;
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return `${fields[19]} ${boot.trim()}`;
}

async function claims(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function livingHolder(content: string): Promise<number | undefined> {
  const [pid, ...start] = content.split(" ");
  const isAlive = Boolean(pid) && (await processStart(Number(pid))) === start.join(" ");
  return isAlive ? Number(pid) : undefined;
}

/** Removes a dead process's file, and only that: another process may have put its own there meanwhile. */
async function clearAway(path: string, content: string): Promise<void> {
  const aside = `${path}.stale.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const found = await readFile(aside, "utf8").catch(() => content);
  if (found !== content) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}
