/** Where a sandbox's files and sockets are on this machine, and making them. Writes below the data and runtime directories only. */
import { constants } from "node:fs";
import { chmod, copyFile, lstat, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "@/lib/ids";
import { HOME_DIR } from "../sandbox-paths";

export type SandboxFolders = ReturnType<typeof sandboxFolders>;

/** Names only; makes nothing. */
export function sandboxFolders(machine: { dataDir: string; runtimeDir: string }, workspaceId: string) {
  const root = join(machine.dataDir, "workspaces", workspaceId);
  const socketRoot = join(machine.runtimeDir, workspaceId.slice(0, 18));
  const socketDir = join(socketRoot, "in");
  return {
    root,
    socketRoot,
    /** Bound into the sandbox. */
    socketDir,
    sockets: { proxy: join(socketDir, "proxy.sock"), git: join(socketDir, "git.sock") },
    /** Not bound into the sandbox: nobody inside can stand in for the agent. */
    agentSocket: join(socketRoot, "agent.sock"),
    workDir: join(root, "work"),
    homeDir: join(root, "home"),
    tempDir: join(root, "tmp"),
    outputDir: join(root, "output"),
    etcDir: join(root, "etc"),
    /** Not bound into the sandbox: the agent has it as an open file. */
    ledgerFile: join(root, "ledger.ndjson"),
    logFile: join(root, "agent.log"),
    /** Process, socket and token of the running sandbox, 0600. */
    secretFile: join(root, "sandbox.json"),
  };
}

/** Linux ends at 107 bytes; `.new` comes on top. */
const MAX_SOCKET_PATH = 103;
/** Output files that survive a restart of the sandbox; older ones go. */
const KEPT_OUTPUT_FILES = 200;

/** Makes the folders of a workspace as far as they are missing; `/tmp` starts empty. */
export async function createSandboxFiles(folders: SandboxFolders, gitConfig: string): Promise<void> {
  if (folders.agentSocket.length > MAX_SOCKET_PATH) {
    throw new Error(`The socket path ${folders.agentSocket} is too long; use a shorter temporary directory.`);
  }
  await rm(folders.tempDir, { recursive: true, force: true });
  const { socketRoot, socketDir, root, workDir, homeDir, tempDir, outputDir, etcDir } = folders;
  for (const folder of [socketRoot, socketDir, root, workDir, homeDir, tempDir, outputDir, etcDir]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  await writeFile(join(etcDir, "passwd"), `root:x:0:0:root:/:/bin/sh\nagent:x:1000:1000:agent:${HOME_DIR}:/bin/sh\n`);
  await writeFile(join(etcDir, "group"), "root:x:0:\nagent:x:1000:\n");
  await writeFile(join(etcDir, "hosts"), "127.0.0.1 localhost slipway\n::1 localhost\n");
  await writeFile(join(etcDir, "gitconfig"), gitConfig);
  await writeFile(join(etcDir, "empty"), "");
  await trimOutput(outputDir);
  await trimLedger(folders.ledgerFile);
}

async function trimOutput(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= KEPT_OUTPUT_FILES) return;
  const files = await Promise.all(
    names.map(async (name) => ({ name, changedMs: (await lstat(join(folder, name))).mtimeMs })),
  );
  const old = files.sort((a, b) => b.changedMs - a.changedMs).slice(KEPT_OUTPUT_FILES);
  for (const { name } of old) await rm(join(folder, name), { recursive: true, force: true });
}

const MAX_LEDGER_BYTES = 64 * 1024 * 1024;
const KEPT_LEDGER_BYTES = 16 * 1024 * 1024;

/** Keeps the newest calls: nobody asks about one from thousands of calls ago. */
async function trimLedger(file: string): Promise<void> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size <= MAX_LEDGER_BYTES) return;
  const handle = await open(file, "r");
  try {
    const { buffer } = await handle.read(
      Buffer.alloc(KEPT_LEDGER_BYTES),
      0,
      KEPT_LEDGER_BYTES,
      size - KEPT_LEDGER_BYTES,
    );
    await writeFile(`${file}.new`, buffer.subarray(buffer.indexOf("\n") + 1), { mode: 0o600 });
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

/**
 * A copy of our Node that may be executed but not read. The kernel then lets no other process of the same user look
 * into the agent (memory, open files, environment), so tools cannot reach its ledger, socket or token.
 */
export async function prepareNode({ dataDir, nodePath }: { dataDir: string; nodePath: string }): Promise<string> {
  const { size, mtimeMs } = await stat(nodePath);
  const folder = join(dataDir, "workspaces", ".runtime");
  const target = join(folder, `node-${sha256(`${nodePath} ${size} ${mtimeMs}`).slice(0, 16)}`);
  if (await lstat(target).catch(() => undefined)) return target;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${target}.${process.pid}.${Date.now()}`;
  await copyFile(nodePath, temporary, constants.COPYFILE_FICLONE);
  await chmod(temporary, 0o111);
  await rename(temporary, target);
  return target;
}
