/** Sandboxes outlive their server on purpose; a test that is over ends those of its data directory. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export function killSandboxes(dataDir: string): void {
  const folder = join(dataDir, "workspaces");
  for (const workspaceId of list(folder)) {
    try {
      const { pid } = JSON.parse(readFileSync(join(folder, workspaceId, "sandbox.json"), "utf8")) as { pid: number };
      const isOurs = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(dataDir);
      if (isOurs) process.kill(pid, "SIGKILL");
    } catch {
      // It never began, or has ended.
    }
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
