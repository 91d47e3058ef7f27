/** Processes of this machine, told apart by their start time, so that a reused number is never mistaken. Signals none by name. */
import { readFileSync } from "node:fs";

export type ProcessIdentity = { pid: number; startTime: string; bootId: string };

/** In ticks since boot; undefined when there is no such process, or it is a zombie. */
export function readStartTime(pid: number): string | undefined {
  try {
    // The command's name may hold spaces and parentheses: count from the last one.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Changes with every boot of the machine, after which numbers and start times begin again. */
export const readBootId = (): string => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

/** Whether that very process runs. */
export const isRunning = ({ pid, startTime, bootId }: ProcessIdentity): boolean =>
  readStartTime(pid) === startTime && readBootId() === bootId;

/** Ends that very process by force; nothing when it is gone. */
export function killProcess(identity: ProcessIdentity): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
