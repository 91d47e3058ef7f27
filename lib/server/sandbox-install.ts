/** Makes sure that bubblewrap, which tools run under, is there: installs it when that needs no question, else names it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const COMMAND = "apt-get install -y bubblewrap";
/** A slow mirror; the start goes on without. */
const UPDATE_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 60_000;
const SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

type SandboxInstall = { searchPath?: string; isRoot?: boolean; print?: (line: string) => void };

/** Never throws: without a sandbox the server starts and refuses tools. */
export async function ensureSandbox(options: SandboxInstall = {}): Promise<void> {
  const { searchPath = SEARCH_PATH, isRoot = process.getuid?.() === 0, print = console.log } = options;
  const succeeds = (command: string, args: string[], timeoutMs = 5_000) =>
    endsWell({ command, args, timeoutMs, searchPath });
  if (process.platform !== "linux" || (await succeeds("bwrap", ["--version"]))) return;
  const isPossible = isRoot && (await succeeds("apt-get", ["--version"]));
  if (!isPossible) {
    print(`Tools are refused until bubblewrap is installed: sudo ${COMMAND}`);
    return;
  }
  print(`Installing the sandbox (${COMMAND}) ...`);
  const install = () =>
    succeeds("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "bubblewrap"], INSTALL_TIMEOUT_MS);
  // A new machine has no package lists yet.
  const isDone =
    (await install()) || ((await succeeds("apt-get", ["update", "-qq"], UPDATE_TIMEOUT_MS)) && (await install()));
  if (!isDone) print(`That failed; tools are refused until it is done by hand: ${COMMAND}`);
}

type Attempt = { command: string; args: string[]; timeoutMs: number; searchPath: string };

async function endsWell({ command, args, timeoutMs, searchPath }: Attempt): Promise<boolean> {
  const env = {
    PATH: searchPath,
    DEBIAN_FRONTEND: "noninteractive",
    LC_ALL: "C.UTF-8",
    NODE_ENV: "production" as const,
  };
  try {
    await run(command, args, { timeout: timeoutMs, env });
    return true;
  } catch {
    return false;
  }
}
