/** The local driver: a sandbox of bubblewrap on this machine, in a session of its own, which outlives the server. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { connectAgent } from "../connection";
import type { DriverState, StartSandbox, WorkspaceDriver } from "../port";
import { type Bubblewrap, findBubblewrap, findToolchain, foreignSearchPath } from "./host";
import { type AppliedLimits, applyLimits, type Limits, removeLimits } from "./limits";
import { isRunning, killProcess, type ProcessIdentity } from "./processes";
import { agentConfig } from "./sandbox-config";
import { createSandboxFiles, prepareNode, sandboxFolders } from "./sandbox-files";
import { spawnSandbox } from "./spawn-sandbox";

export type LocalDriverOptions = {
  dataDir: string;
  /** For sockets: a private directory with a short path, since theirs end at 107 bytes. */
  runtimeDir: string;
  /** The server's own PATH: where the person's tools are found. */
  searchPath: string;
  /** Our Node, for the agent only. */
  nodePath: string;
  /** The bundled agent. */
  agentFile: string;
  /** Certificates that the server trusts beside the system's. */
  caFile: string | null;
  /** An agent that no server spoke to for this long ends its sandbox. */
  idleTimeoutMs?: number;
};

const IDLE_TIMEOUT_MS = 600_000;
/** bwrap and Node need some 100 ms; a loaded machine much more. */
const READY_MS = 20_000;
const STOP_MS = 5_000;
const STOP_POLL_MS = 5;

const stateSchema = z.object({
  pid: z.number().int(),
  startTime: z.string(),
  bootId: z.string(),
  socketPath: z.string(),
});
const secretSchema = stateSchema.extend({ token: z.string() });

/** A driver over one data directory. */
export function createLocalDriver(options: LocalDriverOptions): WorkspaceDriver {
  const searchPath = foreignSearchPath(options.searchPath);
  const folders = (workspaceId: string) => sandboxFolders(options, workspaceId);
  let bubblewrap: Bubblewrap | undefined;
  const probe = (): Bubblewrap => {
    // A machine without bubblewrap may get it while the server runs: only success is remembered.
    if (!bubblewrap?.command) bubblewrap = findBubblewrap(searchPath);
    return bubblewrap;
  };
  const readSecret = (workspaceId: string) => {
    try {
      return secretSchema.parse(JSON.parse(readFileSync(folders(workspaceId).secretFile, "utf8")));
    } catch {
      return undefined;
    }
  };
  const end = async (workspaceId: string) => {
    const secret = readSecret(workspaceId);
    if (secret) await endProcess(secret);
    removeLimits(workspaceId);
    await rm(folders(workspaceId).secretFile, { force: true });
  };
  return {
    problem() {
      return probe().problem;
    },
    async start(request) {
      await end(request.workspaceId);
      const { command, problem } = probe();
      if (!command) throw new Error(problem);
      return startSandbox({ ...options, command, searchPath }, request).catch(async (error) => {
        await end(request.workspaceId);
        throw error;
      });
    },
    stop: ({ workspaceId }) => end(workspaceId),
    isAlive: (state) => isRunning(stateSchema.parse(state)),
    endpoint({ workspaceId, state }) {
      const secret = readSecret(workspaceId);
      if (!secret || secret.pid !== state.pid) throw new Error(`The secret of workspace ${workspaceId} is gone.`);
      return { socketPath: secret.socketPath, token: secret.token };
    },
    sockets: (workspaceId) => folders(workspaceId).sockets,
    async remove(workspaceId) {
      const { root, socketRoot } = folders(workspaceId);
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
      await rm(socketRoot, { recursive: true, force: true });
    },
    async listRunning() {
      const entries = await readdir(join(options.dataDir, "workspaces")).catch(() => []);
      return entries.filter((workspaceId) => {
        const secret = readSecret(workspaceId);
        return secret !== undefined && isRunning(secret);
      });
    },
  };
}

async function endProcess(identity: ProcessIdentity): Promise<void> {
  const deadline = Date.now() + STOP_MS;
  killProcess(identity);
  while (isRunning(identity)) {
    if (Date.now() > deadline) throw new Error(`The sandbox (process ${identity.pid}) did not end.`);
    await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS));
  }
}

type Machine = Omit<LocalDriverOptions, "searchPath"> & { command: readonly string[]; searchPath: string[] };

async function startSandbox(machine: Machine, request: StartSandbox): Promise<DriverState> {
  const folders = sandboxFolders(machine, request.workspaceId);
  const toolchain = findToolchain(machine.searchPath);
  const nodeFile = await prepareNode(machine);
  await createSandboxFiles(folders, request.gitConfig);
  const token = randomBytes(32).toString("base64url");
  const config = agentConfig({
    agentId: request.agentId,
    token,
    path: toolchain.path,
    hasCaFile: machine.caFile !== null,
    idleTimeoutMs: machine.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
  });
  const files = { ...folders, ...toolchain, ...machine, nodeFile, localRepository: request.localRepository };
  let applied: AppliedLimits | undefined;
  const sandbox = await spawnSandbox({
    command: machine.command,
    files,
    config,
    signal: request.signal,
    beforeStart: async (identity, pids) => {
      applied = applyLimits(request.workspaceId, request, pids);
      const secret = JSON.stringify({ ...identity, socketPath: folders.agentSocket, token });
      await mkdir(folders.root, { recursive: true, mode: 0o700 });
      await writeFile(folders.secretFile, secret, { mode: 0o600 });
    },
  });
  if (applied) request.onLog({ stage: "sandbox", line: describeLimits(request, applied) });
  const state = { ...sandbox.identity, socketPath: folders.agentSocket };
  await waitUntilReady({ token, socketPath: folders.agentSocket }, sandbox.ended, request.signal);
  return { ...state, limits: applied };
}

async function waitUntilReady(
  endpoint: { token: string; socketPath: string },
  ended: Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const connection = connectAgent(endpoint);
  const failed = ended.then((words) => {
    throw new Error(`The sandbox ended at once: ${words}`);
  });
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(READY_MS)]);
    await Promise.race([connection.health(deadline), failed]);
  } finally {
    connection.close();
    failed.catch(() => {});
  }
}

/** Limits that the machine does not enforce are said to be absent. */
function describeLimits(limits: Limits, applied: AppliedLimits): string {
  const memory = applied.memory ? `memory ${limits.memoryMb} MB` : "no memory limit";
  const processes = applied.processes ? `${limits.maxProcesses} processes` : "no process limit";
  return `Limits on this machine: ${memory}, ${processes}${applied.cpu ? ", half a share of CPU" : ", no CPU limit"}`;
}
