/** Starts bubblewrap with the agent inside, handing over open files instead of names. Leaves nothing behind when it fails. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { link, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { AgentConfig } from "../agent/protocol";
import { AGENT_FILE, NODE_FILE } from "../sandbox-paths";
import { bwrapArguments, type SandboxFiles } from "./bwrap-arguments";
import { killProcess, type ProcessIdentity, readBootId, readStartTime } from "./processes";
import type { SandboxFolders } from "./sandbox-files";

/** Numbers of the agent's inherited files; bubblewrap's own come after them. */
export const AGENT_FDS = { ledger: 3, listen: 4 } as const;
const INFO_FD = 5;
const BLOCK_FD = 6;

/**
 * Small heaps, and no compiler: the agent waits for others nearly all the time. After 300 calls that is 54 MB resident,
 * 14 of them its own, against 67 and 20, at the same speed (24.21, 2026-11).
 */
const NODE_OPTIONS = [
  "--max-old-space-size=64",
  "--max-semi-space-size=1",
  "--single-threaded-gc",
  "--no-opt",
  "--no-maglev",
  "--no-sparkplug",
  "--no-warnings",
];

export type SpawnSandbox = {
  /** Bubblewrap's, to which its arguments are added. */
  command: readonly string[];
  files: SandboxFiles & Pick<SandboxFolders, "agentSocket" | "ledgerFile" | "logFile">;
  config: AgentConfig;
  signal: AbortSignal;
  /** Called while the sandbox still waits: limits, then the record by which it is found again. */
  beforeStart: (identity: ProcessIdentity, pids: number[]) => Promise<void>;
};

export type Sandbox = {
  /** The first process inside: when it ends, everything inside ends. */
  identity: ProcessIdentity;
  /** Resolves with the last words when the sandbox ends while this server lives. */
  ended: Promise<string>;
};

/** @throws Error with bubblewrap's own words when it cannot start. */
export async function spawnSandbox(options: SpawnSandbox): Promise<Sandbox> {
  const { files } = options;
  const listener = await listenFor(files.agentSocket);
  const ledger = openSync(files.ledgerFile, "a+", 0o600);
  const output = openSync(files.logFile, "w", 0o600);
  const args = bwrapArguments(files, { infoFd: INFO_FD, blockFd: BLOCK_FD });
  const [command = "", ...prefix] = options.command;
  let child: ChildProcess;
  try {
    child = spawn(command, [...prefix, ...args, NODE_FILE, ...NODE_OPTIONS, AGENT_FILE], {
      // Inside, /proc/1/environ shows what bubblewrap was started with.
      env: {} as NodeJS.ProcessEnv,
      cwd: "/",
      detached: true,
      stdio: ["pipe", output, output, ledger, numberOf(listener), "pipe", "pipe"],
    });
  } finally {
    closeSync(ledger);
    closeSync(output);
    listener.close();
  }
  const ended = lastWords(child, files.logFile);
  let inside: ProcessIdentity | undefined;
  try {
    const pid = await Promise.race([readChildPid(child), ended.then((words) => Promise.reject(new Error(words)))]);
    const startTime = readStartTime(pid);
    if (!startTime || !child.pid) throw new Error(await ended);
    const identity = { pid, startTime, bootId: readBootId() };
    inside = identity;
    options.signal.throwIfAborted();
    await options.beforeStart(identity, [child.pid, pid]);
    (child.stdin as Writable).end(JSON.stringify(options.config));
    (stdioOf(child, BLOCK_FD) as Writable).end("go");
    detach(child);
    return { identity, ended };
  } catch (error) {
    child.kill("SIGKILL");
    if (inside) killProcess(inside);
    for (const stream of child.stdio) stream?.destroy();
    throw error;
  }
}

/**
 * A listening socket that outlives this process's handle. Closing the handle removes the name it was bound to, so the
 * name that stays is a second one.
 */
async function listenFor(path: string): Promise<Server> {
  const bound = `${path}.new`;
  await rm(bound, { force: true });
  await rm(path, { force: true });
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(bound, resolve);
  });
  await link(bound, path);
  return server;
}

/** The file number of a listening server. Node has no public name for it (24.21, 2026-11); the tests would tell. */
const numberOf = (server: Server): number => (server as unknown as { _handle: { fd: number } })._handle.fd;

/** The server may end while the sandbox goes on. */
function detach(child: ChildProcess): void {
  child.unref();
  for (const stream of child.stdio) (stream as { unref?: () => void } | null)?.unref?.();
}

function lastWords(child: ChildProcess, logFile: string): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", async (code, signal) => {
      const text = await readFile(logFile, "utf8").catch(() => "");
      resolve(text.trim().slice(-1_000) || `it ended with ${signal ?? code}`);
    });
  });
}

/** The types know five streams; there are as many as were asked for. */
const stdioOf = (child: ChildProcess, fd: number) => (child.stdio as readonly unknown[])[fd];

/** The report comes in pieces; a pipe that is closed before its end kills bubblewrap. */
function readChildPid(child: ChildProcess): Promise<number> {
  const stream = stdioOf(child, INFO_FD) as Readable;
  let text = "";
  return new Promise((resolve, reject) => {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const pid = /"child-pid"\s*:\s*(\d+)[^}]*\}/.exec(text)?.[1];
      if (pid) resolve(Number(pid));
    });
    stream.on("end", () => reject(new Error("bubblewrap did not say which process it started.")));
    for (const other of child.stdio) other?.on("error", reject);
  });
}
