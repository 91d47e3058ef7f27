import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runStep } from "@/lib/server/steps.mjs";
import { createTemporaryDirectory } from "../support/temporary-directory";

const directory = await createTemporaryDirectory();
const shell = (script: string, timeoutMs = 10_000) =>
  runStep({ label: "A step", command: "sh", args: ["-c", script], cwd: directory, timeoutMs });

test("a failed step shows the end of its output", async () => {
  await expect(shell("echo what went wrong; exit 3")).rejects.toThrow(/A step failed \(3\)\.\nwhat went wrong/);
});

test("a step that hangs is ended in its time, with everything it started", async () => {
  const pidFile = join(directory, "pid");
  await expect(shell(`sleep 300 & echo $! > ${pidFile}; wait`, 500)).rejects.toThrow("A step took longer than 0.5 s");
  const pid = readFileSync(pidFile, "utf8").trim();
  await expect.poll(() => !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readStatus(pid))).toBe(true);
});

test("a step ends although something it left behind holds its output open", async () => {
  expect(await shell("sleep 300 & echo done")).toContain("done");
});

function readStatus(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return "State: Z";
  }
}
