/** Fills a new workspace, inside its sandbox: clone, then the setup script. Runs through the agent like any tool. */
import type { TemplateConfig } from "@/lib/contract/workspaces";
import type { BuildLog } from "./build-log";
import type { AgentConnection } from "./connection";

export type Prepare = {
  buildId: string;
  connection: AgentConnection;
  /** The address as git inside the sandbox asks for it; null for an empty workspace. */
  repository: string | null;
  branch: string | null;
  config: TemplateConfig;
  buildLog: BuildLog;
  signal: AbortSignal;
};

/** Longer than any clone or setup script that somebody waits for. */
const STEP_TIMEOUT = "1h";
/** Of a failed step's output, in the build's error. */
const ERROR_CHARACTERS = 1_000;
/** Markers of unfinished work, in the sandbox's home, so that a killed build is done again. */
const CLONING = "$HOME/.slipway/cloning";
const SETUP = "$HOME/.slipway/setup";

/** Does what is not done yet; a workspace that was filled before is left as it is. @throws Error naming the failed step. */
export async function prepareWorkspace(options: Prepare): Promise<void> {
  if (options.repository) await run(options, "clone", cloneScript(options.repository, options.branch));
  const script = options.config.setup_script;
  if (script) await run(options, "setup", setupScript(script));
}

function cloneScript(repository: string, branch: string | null): string {
  const branchOption = branch ? ` --branch=${shellQuote(branch)}` : "";
  return `set -e
mkdir -p "$HOME/.slipway"
if [ -e "${CLONING}" ]; then find . -mindepth 1 -delete; fi
if [ -n "$(ls -A)" ]; then exit 0; fi
touch "${CLONING}" "${SETUP}"
if git lfs version >/dev/null 2>&1; then git lfs install --skip-repo >/dev/null; fi
git clone --progress${branchOption} -- ${shellQuote(repository)} .
rm "${CLONING}"`;
}

function setupScript(script: string): string {
  return `mkdir -p "$HOME/.slipway"
if [ ! -e "${SETUP}" ] && [ -e "${SETUP}-done" ]; then exit 0; fi
sh -c ${shellQuote(script)} || exit $?
rm -f "${SETUP}"
touch "${SETUP}-done"`;
}

async function run(options: Prepare, stage: "clone" | "setup", command: string): Promise<void> {
  options.buildLog.line(stage, stage === "clone" ? `Cloning ${options.repository}` : "Running the setup script");
  const call = {
    callId: `build/${options.buildId}/${stage}/${Date.now()}`,
    chatId: `build/${options.buildId}`,
    tool: "execute" as const,
    args: { command, timeout: STEP_TIMEOUT },
  };
  const outcome = await options.connection.call(call, {
    signal: options.signal,
    onOutput: (delta) => options.buildLog.write(stage, delta),
  });
  const result = outcome.result as { exit_code?: number; output?: string; error?: string };
  if (!outcome.is_error && result.exit_code === 0) return;
  const what = stage === "clone" ? "Cloning the repository" : "The setup script";
  const words = (result.output ?? result.error ?? "").trim().slice(-ERROR_CHARACTERS);
  throw new Error(`${what} failed with exit code ${result.exit_code ?? "unknown"}: ${words}`);
}

/** One word for `sh`. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
