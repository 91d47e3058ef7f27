/** Runs `slipway` as an operator does, in a process of its own. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const TIMEOUT_MS = 60_000;

/** Everything it printed, and its exit code. */
export async function runSlipway(
  words: string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const { PATH = "", HOME = "" } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, "lib/server/slipway.mjs"), ...words],
      { cwd: "/", env: { NODE_ENV: "production", PATH, HOME, ...env }, timeout: TIMEOUT_MS },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, output: `${stdout}${stderr}` }),
    );
  });
}
