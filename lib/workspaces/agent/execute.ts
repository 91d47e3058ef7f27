/** The tools around processes: `execute`, `process_output`, `process_list`, `process_signal`. */
import { stat } from "node:fs/promises";
import { optionalDurationMs, optionalFlag, optionalText, requireText } from "./arguments";
import { findPath, type Roots } from "./paths";
import type { Processes, RunningProcess } from "./processes";
import { ToolError } from "./tool-error";

export type ExecuteResult = {
  output: string;
  /** -1 while the process still runs. */
  exit_code: number;
  wall_duration_ms: number;
  truncated?: true;
  output_file?: string;
  background_process_id?: string;
  note?: string;
  refused_hosts?: string[];
};

type Tools = { roots: Roots; processes: Processes };
type Call = { chatId: string; args: Record<string, unknown>; cancelled: AbortSignal; emit: (delta: string) => void };

const DEFAULT_TIMEOUT_MS = 10_000;
/** Between asking a cancelled command to end and making it. */
const KILL_AFTER_MS = 2_000;
const MAX_COMMAND_CHARACTERS = 128 * 1024;

/** Runs a shell command. A command that takes longer than its timeout goes on in the background. */
export async function executeTool({ roots, processes }: Tools, call: Call): Promise<ExecuteResult> {
  const { args, chatId } = call;
  const command = requireText(args, "command");
  if (command.trim() === "" || command.length > MAX_COMMAND_CHARACTERS || command.includes("\0")) {
    throw new ToolError(`command must have 1 to ${MAX_COMMAND_CHARACTERS} characters.`);
  }
  const timeoutMs = optionalDurationMs(args, "timeout") ?? DEFAULT_TIMEOUT_MS;
  const workdir = await findWorkdir(roots, optionalText(args, "workdir"));
  const foreground = withoutTrailingAmpersand(command);
  const isBackground = optionalFlag(args, "run_in_background") || foreground !== undefined;
  const process = await processes.start({ command: foreground ?? command, workdir, chatId });
  if (isBackground) return { ...stillRunning(process), note: `It runs in the background; ${howToFollow(process)}` };
  process.listeners.add(call.emit);
  const outcome = await waitForEnd(process, timeoutMs, call.cancelled);
  process.listeners.delete(call.emit);
  if (outcome === "ended") return describeEnd(process);
  if (outcome === "cancelled") return cancel(process);
  const seconds = Math.round(timeoutMs / 100) / 10;
  return withNote(
    stillRunning(process),
    `It still runs after ${seconds} s, in the background; ${howToFollow(process)}`,
  );
}

async function findWorkdir(roots: Roots, path: string | undefined): Promise<string> {
  if (path === undefined || path === "") return roots.workspaceDir;
  const { real } = await findPath(roots, path, "write");
  const stats = await stat(real).catch(() => undefined);
  if (!stats?.isDirectory()) throw new ToolError(`workdir ${path} is not a directory of the workspace.`);
  return real;
}

/** `server &` means the background; `a && b`, `a |& b` and `\&` do not. Undefined without one. */
export function withoutTrailingAmpersand(command: string): string | undefined {
  const match = /^(.*[^&|>\\\s])\s*&\s*$/s.exec(command);
  return match?.[1];
}

const howToFollow = (process: RunningProcess): string =>
  `use process_output with process_id ${process.id} to follow it, process_signal to end it.`;

type Wait = "ended" | "late" | "cancelled";

async function waitForEnd(process: RunningProcess, timeoutMs: number, cancelled: AbortSignal): Promise<Wait> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const late = new Promise<Wait>((resolve) => {
    timer = setTimeout(() => resolve("late"), timeoutMs);
  });
  const aborted = new Promise<Wait>((resolve) => {
    onAbort = () => resolve("cancelled");
    if (cancelled.aborted) onAbort();
    cancelled.addEventListener("abort", onAbort, { once: true });
  });
  const ended = process.ended.then((): Wait => "ended");
  const outcome = await Promise.race([ended, late, aborted]);
  clearTimeout(timer);
  cancelled.removeEventListener("abort", onAbort);
  return outcome;
}

async function cancel(process: RunningProcess): Promise<ExecuteResult> {
  process.kill("SIGTERM");
  const force = setTimeout(() => process.kill("SIGKILL"), KILL_AFTER_MS);
  await process.ended;
  clearTimeout(force);
  // Whoever ignored the first signal in the background.
  process.kill("SIGKILL");
  return withNote(describeEnd(process), "The command was cancelled.");
}

function describeEnd(process: RunningProcess): ExecuteResult {
  const exitCode = process.exitCode ?? -1;
  const wallMs = (process.endedAtMs ?? Date.now()) - process.startedAtMs;
  return { ...process.output.render(), exit_code: exitCode, wall_duration_ms: wallMs, ...refusals(process) };
}

function stillRunning(process: RunningProcess): ExecuteResult {
  return {
    ...process.output.render(),
    exit_code: process.exitCode ?? -1,
    wall_duration_ms: Date.now() - process.startedAtMs,
    background_process_id: process.id,
    ...refusals(process),
  };
}

function refusals(process: RunningProcess): { refused_hosts?: string[] } {
  return process.refusedHosts.size > 0 ? { refused_hosts: [...process.refusedHosts] } : {};
}

const withNote = (result: ExecuteResult, note: string): ExecuteResult => ({
  ...result,
  note: result.note ? `${note} ${result.note}` : note,
});

/** The output of a process, waiting for its end as long as it is asked to. */
export async function processOutputTool({ processes }: Tools, call: Call) {
  const process = processes.get(call.chatId, requireText(call.args, "process_id"));
  const waitMs = optionalDurationMs(call.args, "wait_timeout");
  if (waitMs !== undefined && process.exitCode === null) await waitForEnd(process, waitMs, call.cancelled);
  const isRunning = process.exitCode === null;
  const { background_process_id: _, ...result } = isRunning ? stillRunning(process) : describeEnd(process);
  return { process_id: process.id, running: isRunning, ...result, exit_code: process.exitCode };
}

/** The processes of the chat, newest last. */
export function processListTool({ processes }: Tools, call: Call) {
  return {
    processes: processes.list(call.chatId).map((process) => ({
      process_id: process.id,
      command: process.command.slice(0, 500),
      running: process.exitCode === null,
      exit_code: process.exitCode,
      wall_duration_ms: (process.endedAtMs ?? Date.now()) - process.startedAtMs,
    })),
  };
}

const SIGNALS = { terminate: "SIGTERM", kill: "SIGKILL" } as const;
/** A signal needs a moment; the answer says whether it was enough. */
const SIGNAL_WAIT_MS = 1_000;

/** Signals the whole group of a process. */
export async function processSignalTool({ processes }: Tools, call: Call) {
  const process = processes.get(call.chatId, requireText(call.args, "process_id"));
  const name = requireText(call.args, "signal");
  if (name !== "terminate" && name !== "kill") {
    throw new ToolError(`signal must be terminate or kill; received ${JSON.stringify(name.slice(0, 50))}.`);
  }
  if (process.exitCode !== null) return { process_id: process.id, signal: name, ...endOf(process) };
  process.kill(SIGNALS[name]);
  await waitForEnd(process, SIGNAL_WAIT_MS, call.cancelled);
  return { process_id: process.id, signal: name, ...endOf(process) };
}

const endOf = (process: RunningProcess) => ({ running: process.exitCode === null, exit_code: process.exitCode });
