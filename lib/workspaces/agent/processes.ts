/** The processes of tools: each a group of its own with its output. Ends whole groups; runs no tool itself. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { createOutput, type Output } from "./output";
import { ToolError } from "./tool-error";

export type RunningProcess = {
  id: string;
  chatId: string;
  command: string;
  startedAtMs: number;
  output: Output;
  /** Null while it runs; 128 + n after signal n. */
  exitCode: number | null;
  endedAtMs: number | null;
  /** Resolves once it has ended and its output was read. */
  ended: Promise<void>;
  /** `host:port` that the proxy refused. */
  refusedHosts: Set<string>;
  /** Hear output as it comes, not yet storable: of a flood little is ever shown. */
  listeners: Set<(delta: string) => void>;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
};

export type StartProcess = { command: string; workdir: string; chatId: string };

export type Processes = {
  start(options: StartProcess): Promise<RunningProcess>;
  /** @throws ToolError when the chat has no such process. */
  get(chatId: string, id: string): RunningProcess;
  list(chatId: string): RunningProcess[];
  /** Those with that id, else all that run. */
  affected(id: string | null): RunningProcess[];
};

export type ProcessesOptions = { environment: Record<string, string>; proxyPort: number; outputDir: string };

/** So long the output of an ended process can still be asked for. */
const KEEP_ENDED_MS = 300_000;
const MAX_KEPT = 500;
/** A child in the background may hold the output open after the command itself has ended. */
const DRAIN_MS = 1_000;
const SIGNAL_NUMBERS: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

/** Process ids are unique across restarts of the agent. */
export function createProcesses(options: ProcessesOptions): Processes {
  const processes = new Map<string, RunningProcess>();
  const boot = randomBytes(3).toString("hex");
  let count = 0;
  const forgetOld = () => {
    for (const process of processes.values()) {
      const isOld = process.endedAtMs !== null && Date.now() - process.endedAtMs > KEEP_ENDED_MS;
      if (isOld || (processes.size > MAX_KEPT && process.endedAtMs !== null)) processes.delete(process.id);
    }
  };
  return {
    async start(request) {
      forgetOld();
      if (processes.size > MAX_KEPT) throw new ToolError("Too many processes run; end some with process_signal.");
      count += 1;
      const process = await spawnProcess(options, { ...request, id: `${boot}-${count}` });
      processes.set(process.id, process);
      return process;
    },
    get(chatId, id) {
      forgetOld();
      const process = processes.get(id);
      if (process?.chatId === chatId) return process;
      throw new ToolError(
        `There is no process ${JSON.stringify(id.slice(0, 100))}; process_list shows those there are.`,
      );
    },
    list(chatId) {
      forgetOld();
      return [...processes.values()].filter((process) => process.chatId === chatId);
    },
    affected(id) {
      const named = id === null ? undefined : processes.get(id);
      return named ? [named] : [...processes.values()].filter((process) => process.exitCode === null);
    },
  };
}

async function spawnProcess(
  options: ProcessesOptions,
  request: StartProcess & { id: string },
): Promise<RunningProcess> {
  const { id, chatId, command, workdir } = request;
  const child = spawn("/bin/sh", ["-c", command], {
    cwd: workdir,
    env: environmentOf(options, request) as NodeJS.ProcessEnv,
    // A group of its own, so that a signal reaches all of it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  await spawned(child, workdir);
  const process: RunningProcess = {
    id,
    chatId,
    command,
    startedAtMs: Date.now(),
    output: createOutput(options.outputDir, `${id}.log`),
    exitCode: null,
    endedAtMs: null,
    ended: Promise.resolve(),
    refusedHosts: new Set(),
    listeners: new Set(),
    kill: (signal) => killAll(child.pid!, id, signal),
  };
  process.ended = follow(process, child);
  return process;
}

function spawned(child: ChildProcess, workdir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(new ToolError(`The command could not be started in ${workdir}: ${error.code ?? error.message}.`)),
    );
  });
}

/** Each process names itself as the proxy's user, so that a refusal finds its tool call. */
function environmentOf(
  { environment, proxyPort }: ProcessesOptions,
  { id, chatId }: StartProcess & { id: string },
): Record<string, string> {
  const proxy = `http://${id}:x@127.0.0.1:${proxyPort}`;
  const local = "localhost,127.0.0.1,::1";
  return {
    ...environment,
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    ALL_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    all_proxy: proxy,
    NO_PROXY: local,
    no_proxy: local,
    NODE_USE_ENV_PROXY: "1",
    // Without it git asks twice, and the first time without its name.
    GIT_HTTP_PROXY_AUTHMETHOD: "basic",
    SLIPWAY_CHAT_ID: chatId,
    [PROCESS_VARIABLE]: id,
  };
}

/** Marks every descendant, also one that left the group. */
const PROCESS_VARIABLE = "SLIPWAY_PROCESS_ID";

function follow(process: RunningProcess, child: ChildProcess): Promise<void> {
  const read = (stream: NonNullable<ChildProcess["stdout"]>) => {
    const decoder = new StringDecoder("utf8");
    stream.on("data", (chunk: Buffer) => {
      process.output.write(chunk);
      if (process.listeners.size === 0) return;
      const delta = decoder.write(chunk);
      for (const listener of process.listeners) listener(delta);
    });
    stream.on("error", () => {});
  };
  read(child.stdout!);
  read(child.stderr!);
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => {
      process.output.close();
      resolve();
    });
  });
  return new Promise((resolve) => {
    child.once("exit", async (code, signal) => {
      const drained = new Promise<void>((done) => void setTimeout(done, DRAIN_MS));
      await Promise.race([closed, drained]);
      process.exitCode = code ?? 128 + (SIGNAL_NUMBERS[signal ?? ""] ?? 0);
      process.endedAtMs = Date.now();
      resolve();
    });
  });
}

/** The group, and whoever left it with the mark still in the environment. */
function killAll(groupId: number, id: string, signal: "SIGTERM" | "SIGKILL"): void {
  sendSignal(-groupId, signal);
  for (const pid of findMarked(id)) sendSignal(pid, signal);
}

function findMarked(id: string): number[] {
  const mark = `${PROCESS_VARIABLE}=${id}\0`;
  return readdirSync("/proc").flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) return [];
    try {
      return `${readFileSync(`/proc/${pid}/environ`, "latin1")}\0`.includes(mark) ? [pid] : [];
    } catch {
      return [];
    }
  });
}

/** A process that has just ended needs none. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
