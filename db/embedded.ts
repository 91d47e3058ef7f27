/** Supervisor of the PostgreSQL server from npm: creates, starts, restarts and stops it. Migrates nothing. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { log } from "@/lib/log";
import { processStart } from "@/lib/process-lock";
import { prepareSocketDirectory, socketDirectoryOf } from "@/lib/socket-directory";
import { createSql, type DatabaseAddress } from "./connect";
import { CLEAN_ENVIRONMENT, type EmbeddedBinaries, findEmbeddedBinaries } from "./embedded-binaries";
import { findSupervisor, lockDataDirectory } from "./embedded-files";

const run = promisify(execFile);

/** The major of the npm package. Its data directories cannot be read by another. */
const POSTGRES_MAJOR = "18";
/** Names the socket file only: there is no TCP port. */
const PORT = 5432;
const USER = "slipway";
const DATABASE = "slipway";
const INITDB_TIMEOUT_MS = 60_000;
/** Redoing the write-ahead log after a crash may take a while. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 25;
/** A fast shutdown ends within a second; then SIGQUIT, which loses nothing either. */
const STOP_TIMEOUT_MS = 5_000;
/** More restarts than this within a minute mean that it cannot run. */
const MAX_RESTARTS = 5;
const MAX_LOG_BYTES = 10 * 1024 * 1024;

export type EmbeddedOptions = {
  dataDir: string;
  /** Throw-away cluster of a test run: no fsync. */
  volatile?: boolean;
  /** The server died and does not come back. */
  onFatal?: (error: Error) => void;
};

export type EmbeddedPostgres = { address: DatabaseAddress; stop(): Promise<void> };

type Cluster = { binaries: EmbeddedBinaries; files: string; socket: string; logFile: string; volatile: boolean };

/**
 * Starts the server of a data directory, creating both when needed, and answers once it takes connections.
 * @throws Error with one line that says what to do: wrong platform, another major, directory in use, start failed.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = await realpath(options.dataDir);
  const unlock = await lockDataDirectory(dataDir);
  try {
    const cluster: Cluster = {
      binaries: await findEmbeddedBinaries(dataDir),
      files: join(dataDir, "postgres"),
      socket: await prepareSocketDirectory({ dataDir, purpose: "postgres" }),
      logFile: join(dataDir, "postgres.log"),
      volatile: options.volatile ?? false,
    };
    await createCluster(cluster);
    await stopStalePostmaster(cluster.files);
    await cluster.binaries.own(cluster.socket);
    const supervised = await supervise(cluster, options.onFatal);
    await createDatabase(cluster);
    return {
      address: addressOf(cluster, DATABASE),
      stop: async () => {
        await supervised.stop();
        await rm(cluster.socket, { recursive: true, force: true });
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** The server that another process runs on this data directory; undefined when none does. */
export async function findRunningPostgres(dataDir: string): Promise<DatabaseAddress | undefined> {
  if (!existsSync(dataDir)) return undefined;
  const path = await realpath(dataDir);
  if ((await findSupervisor(path)) === undefined) return undefined;
  return addressOf({ socket: socketDirectoryOf({ dataDir: path, purpose: "postgres" }) }, DATABASE);
}

const addressOf = (cluster: Pick<Cluster, "socket">, database: string): DatabaseAddress => ({
  kind: "socket",
  directory: cluster.socket,
  port: PORT,
  user: USER,
  database,
});

/** Made beside and renamed, so that an interrupted `initdb` leaves nothing that looks like a cluster. */
async function createCluster({ binaries, files, volatile }: Cluster): Promise<void> {
  if (existsSync(files)) {
    const major = (await readFile(join(files, "PG_VERSION"), "utf8")).trim();
    if (major === POSTGRES_MAJOR) return;
    throw new Error(
      `${files} belongs to PostgreSQL ${major}; this version of Slipway brings PostgreSQL ${POSTGRES_MAJOR}. Its contents move in two steps: with the Slipway that made it, run "npm run slipway -- backup <file>"; then, with this one and another SLIPWAY_DATA_DIR, "npm run slipway -- restore <file>".`,
    );
  }
  const unfinished = `${files}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await binaries.own(unfinished);
  const [command = "", ...args] = [
    ...binaries.prefix,
    join(binaries.directory, "initdb"),
    ...["-D", unfinished, "-U", USER, "-A", "trust", "-E", "UTF8"],
    ...["--locale-provider=builtin", "--locale=C.UTF-8", ...(volatile ? ["--no-sync"] : [])],
  ];
  try {
    await run(command, args, { env: CLEAN_ENVIRONMENT, timeout: INITDB_TIMEOUT_MS, cwd: "/" });
  } catch (cause) {
    throw new Error(`PostgreSQL could not create its files in ${files}: ${initdbReason(cause)}`, { cause });
  }
  await rename(unfinished, files);
}

/** Its last words are about cleaning up; what went wrong stands before. */
function initdbReason(cause: unknown): string {
  const lines = ((cause as { stderr?: string }).stderr ?? "").trim().split("\n");
  const reason = lines.find((line) => /(FATAL|PANIC|error): /.test(line)) ?? lines.at(-1);
  return reason?.replace(/^.*(FATAL|PANIC|error): +/, "") || String(cause);
}

/** A postmaster without a supervisor: its Slipway was killed. It is stopped, since it may run with other settings. */
async function stopStalePostmaster(files: string): Promise<void> {
  const text = await readFile(join(files, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n", 1)[0]);
  if (!pid || !(await isPostmaster(pid, files))) return;
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (!(await isPostmaster(pid, files))) return;
    process.kill(pid, signal);
    const deadline = Date.now() + STOP_TIMEOUT_MS;
    while (Date.now() < deadline && (await isPostmaster(pid, files))) await delay(POLL_MS);
  }
}

async function isPostmaster(pid: number, files: string): Promise<boolean> {
  if (!(await processStart(pid))) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command.split("\0").includes(files);
}

/** Keeps a postmaster running until `stop`; one that dies is started again. */
async function supervise(cluster: Cluster, onFatal: (error: Error) => void = () => undefined) {
  let stopping = false;
  const restarts: number[] = [];
  let child = await launch(cluster);
  const watch = () => {
    const current = child;
    const restart = async () => {
      if (stopping || current !== child) return;
      log.error("postgres died; starting it again", { exitCode: current.exitCode, signal: current.signalCode });
      while (restarts[0] !== undefined && restarts[0] < Date.now() - 60_000) restarts.shift();
      restarts.push(Date.now());
      if (restarts.length > MAX_RESTARTS) throw new Error(`PostgreSQL keeps dying; see ${cluster.logFile}.`);
      child = await launch(cluster);
      if (stopping) await stopChild(child);
      else watch();
    };
    current.once("exit", () => restart().catch((error: Error) => onFatal(error)));
    if (current.exitCode !== null || current.signalCode !== null) current.emit("exit");
  };
  watch();
  return {
    stop: async () => {
      stopping = true;
      await stopChild(child);
    },
  };
}

/** Starts a postmaster and waits until it answers, again and again while the pid of a dead one is still a zombie. */
async function launch(cluster: Cluster): Promise<ChildProcess> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const child = await spawnPostmaster(cluster);
    const exited = once(child, "exit").then(() => "exited" as const);
    const outcome = await Promise.race([exited, answers(cluster, child, deadline)]);
    if (outcome === "ready") return child;
    const reason = await lastLogLine(cluster.logFile);
    const passing = /lock file|shared memory block|starting up|shutting down/i.test(reason);
    if (outcome === "timeout" || !passing || Date.now() > deadline) {
      await stopChild(child);
      throw new Error(`PostgreSQL did not start: ${reason || outcome}. See ${cluster.logFile}.`);
    }
    await delay(200);
  }
}

async function spawnPostmaster({ binaries, files, socket, logFile, volatile }: Cluster): Promise<ChildProcess> {
  const size = await stat(logFile).then(
    (facts) => facts.size,
    () => 0,
  );
  const file = await open(logFile, size > MAX_LOG_BYTES ? "w" : "a", 0o600);
  const settings = {
    listen_addresses: "",
    port: PORT,
    unix_socket_directories: socket,
    unix_socket_permissions: "0700",
    log_min_messages: "warning",
    // Our queries are short; compiling them costs more than it gives.
    jit: "off",
    // After each checkpoint every page is logged whole once: make it rare.
    max_wal_size: "1GB",
    checkpoint_timeout: "15min",
    ...(volatile ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off" } : {}),
  };
  const [command = "", ...args] = [
    ...binaries.prefix,
    join(binaries.directory, "postgres"),
    ...["-D", files],
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  // A group of its own: Ctrl-C in the terminal must reach the supervisor only, which stops the database last.
  const child = spawn(command, args, {
    env: CLEAN_ENVIRONMENT,
    cwd: "/",
    stdio: ["ignore", file.fd, file.fd],
    detached: true,
  });
  await once(child, "spawn").finally(() => file.close());
  return child;
}

async function answers(cluster: Cluster, child: ChildProcess, deadline: number): Promise<"ready" | "timeout"> {
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const sql = createSql(addressOf(cluster, "postgres"), { max: 1 });
    const [row] = existsSync(join(cluster.socket, `.s.PGSQL.${PORT}`))
      ? await sql`SELECT 1 AS one`.catch(() => [])
      : [];
    await sql.end({ timeout: 1 });
    if (row) return "ready";
    await delay(POLL_MS);
  }
  return "timeout";
}

async function createDatabase(cluster: Cluster): Promise<void> {
  const sql = createSql(addressOf(cluster, "postgres"), { max: 1 });
  try {
    const [row] = await sql`SELECT 1 FROM pg_database WHERE datname = ${DATABASE}`;
    if (!row) await sql`CREATE DATABASE ${sql(DATABASE)}`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** SIGINT is the fast shutdown; SIGTERM would wait for every client. */
async function stopChild(child: ChildProcess): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await Promise.race([exited, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  }
}

async function lastLogLine(logFile: string): Promise<string> {
  return reasonInLog(await readFile(logFile, "utf8").catch(() => ""));
}

/** Why a server did not start, by its log; the last words of those that a killed one left behind may stand after it. */
export function reasonInLog(text: string): string {
  const isReason = (line: string) =>
    /FATAL|PANIC|error while loading/.test(line) && !line.includes("terminating connection");
  return (
    text
      .split("\n")
      .findLast(isReason)
      ?.replace(/^.*?(FATAL|PANIC):\s*/, "") ?? ""
  );
}
