/** Makes sure that bubblewrap, which tools run under, is there: installs it when that needs no question, else names it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const COMMAND = "apt-get install -y bubblewrap";
/** A slow mirror; the start goes on without. */
const UPDATE_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 60_000;
const environment: NodeJS.ProcessEnv = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  DEBIAN_FRONTEND: "noninteractive",
  LC_ALL: "C.UTF-8",
  NODE_ENV: "production",
};

/** Never throws: without a sandbox the server starts and refuses tools. */
export async function ensureSandbox(): Promise<void> {
  if (process.platform !== "linux" || (await succeeds("bwrap", ["--version"]))) return;
  const isPossible = process.getuid?.() === 0 && (await succeeds("apt-get", ["--version"]));
  if (!isPossible) {
    console.log(`Tools are refused until bubblewrap is installed: sudo ${COMMAND}`);
    return;
  }
  console.log(`Installing the sandbox (${COMMAND}) ...`);
  const install = () =>
    succeeds("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "bubblewrap"], INSTALL_TIMEOUT_MS);
  // A new machine has no package lists yet.
  const isDone =
    (await install()) || ((await succeeds("apt-get", ["update", "-qq"], UPDATE_TIMEOUT_MS)) && (await install()));
  if (!isDone) console.log(`That failed; tools are refused until it is done by hand: ${COMMAND}`);
}

async function succeeds(command: string, args: string[], timeoutMs = 5_000): Promise<boolean> {
  try {
    await run(command, args, { timeout: timeoutMs, env: environment });
    return true;
  } catch {
    return false;
  }
}
