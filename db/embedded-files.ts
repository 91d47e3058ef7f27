/** The embedded server's files: supervisor's lock, owners, process facts. Knows no SQL. */
import { chown, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** An earlier process may be on its way out: its launcher was killed a moment ago. */
const PREDECESSOR_TIMEOUT_MS = 3_000;

/**
 * Makes this process the data directory's only supervisor, until the returned function is called or the process dies.
 * @throws Error naming the live process that holds it.
 */
export async function lockDataDirectory(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, "supervisor.lock");
  const identity = `${process.pid} ${await processStart(process.pid)}`;
  const deadline = Date.now() + PREDECESSOR_TIMEOUT_MS;
  for (;;) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(identity);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid, ...start] = (await readFile(path, "utf8").catch(() => "")).split(" ");
    const isHeld = pid !== undefined && (await processStart(Number(pid))) === start.join(" ");
    if (!isHeld) await rm(path, { force: true });
    else if (Date.now() < deadline) await delay(50);
    else throw new Error(`Another Slipway (process ${pid}) uses ${dataDir}. Stop it, or set another SLIPWAY_DATA_DIR.`);
  }
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

/** Changes the owner of a directory and everything in it. */
export async function chownTree(path: string, uid: number, gid: number): Promise<void> {
  await chown(path, uid, gid);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await chownTree(child, uid, gid);
    else if (entry.isFile()) await chown(child, uid, gid);
  }
}
