/** Memory, process and CPU limits by control groups, version 1 or 2, as far as this machine lets us. Never claims one that failed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Limits = { memoryMb: number; maxProcesses: number };
export type AppliedLimits = { memory: boolean; processes: boolean; cpu: boolean };

const ROOT = "/sys/fs/cgroup";
/** All of our groups stand below this one. */
const FOLDER = "slipway";
/** Half of the default weight: builds never starve the server. */
const CPU_SHARES = "512";
const CPU_WEIGHT = "50";

/** Puts processes into limited groups of that name and says which limits hold. */
export function applyLimits(name: string, limits: Limits, pids: readonly number[]): AppliedLimits {
  const isUnified = existsSync(join(ROOT, "cgroup.controllers"));
  return isUnified ? applyUnified(name, limits, pids) : applyLegacy(name, limits, pids);
}

function applyLegacy(name: string, limits: Limits, pids: readonly number[]): AppliedLimits {
  const enter = (controller: string, files: Record<string, string>) =>
    attempt(() => enterGroup(join(ROOT, controller, FOLDER, name), files, pids));
  const bytes = String(limits.memoryMb * 1024 * 1024);
  return {
    memory: enter("memory", { "memory.limit_in_bytes": bytes }),
    processes: enter("pids", { "pids.max": String(limits.maxProcesses) }),
    cpu: enter("cpu", { "cpu.shares": CPU_SHARES }),
  };
}

function applyUnified(name: string, limits: Limits, pids: readonly number[]): AppliedLimits {
  const none = { memory: false, processes: false, cpu: false };
  const parent = unifiedParent();
  if (!parent) return none;
  const group = join(parent, name);
  if (!attempt(() => enterGroup(group, {}, pids))) return none;
  const set = (file: string, value: string) => attempt(() => writeFileSync(join(group, file), value));
  attempt(() => writeFileSync(join(group, "memory.swap.max"), "0"));
  return {
    memory: set("memory.max", String(limits.memoryMb * 1024 * 1024)),
    processes: set("pids.max", String(limits.maxProcesses)),
    cpu: set("cpu.weight", CPU_WEIGHT),
  };
}

/** A group of ours with its controllers handed down: below the server's own group, else below the root. */
function unifiedParent(): string | undefined {
  const own = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "/";
  return [join(ROOT, own, ".."), ROOT]
    .map((folder) => join(folder, FOLDER))
    .find((folder) =>
      attempt(() => {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "cgroup.subtree_control"), "+memory +pids +cpu");
      }),
    );
}

function enterGroup(group: string, files: Record<string, string>, pids: readonly number[]): void {
  mkdirSync(group, { recursive: true });
  for (const [file, value] of Object.entries(files)) writeFileSync(join(group, file), value);
  for (const pid of pids) writeFileSync(join(group, "cgroup.procs"), String(pid));
}

/** Removes the groups of that name; ones that still hold a process stay until the next try. */
export function removeLimits(name: string): void {
  const parents = existsSync(join(ROOT, "cgroup.controllers"))
    ? [unifiedParent()]
    : ["memory", "pids", "cpu"].map((controller) => join(ROOT, controller, FOLDER));
  for (const parent of parents) {
    if (parent && existsSync(join(parent, name))) attempt(() => rmdirSync(join(parent, name)));
  }
}

/** Whether anything of ours is left; for tests. */
export const listLimitGroups = (): string[] =>
  ["memory", "pids", "cpu", "."].flatMap((controller) => {
    const folder = join(ROOT, controller, FOLDER);
    return existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
      : [];
  });

/** A limit that cannot be set is reported as absent, never as an error. */
function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
