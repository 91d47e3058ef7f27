/** Memory and time of processes, from the kernel. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** Resident set, in MB. */
export function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** The server of a product: the process of the launcher's group that runs the bundle. */
export function findServer(launcherPid: number): number {
  const pid = findProcesses(".build/server.mjs").find((candidate) => groupOf(candidate) === launcherPid);
  if (pid === undefined) throw new Error("The server's process was not found.");
  return pid;
}

const groupOf = (pid: number) => Number(statOf(pid)[2]);

/** The fields of `/proc/PID/stat` from the state on. */
const statOf = (pid: number) => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];

/** Processes whose command line holds the text; zombies and the caller excluded. */
export function findProcesses(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").includes(text);
      } catch {
        // It ended while we looked.
        return false;
      }
    })
    .map(Number);
}

/** What its threads have run so far, in ms with fractions. */
export function cpuMs(pid: number): number {
  const ofThread = (id: string) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ")[0]);
  return readdirSync(`/proc/${pid}/task`).reduce((sum, id) => sum + ofThread(id), 0) / 1e6;
}
