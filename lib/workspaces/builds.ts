/** Does the work of builds: start, stop, delete. One build of a workspace at a time is the store's promise. */
import type { Clock } from "@/lib/clock";
import { isApiError } from "@/lib/contract/errors";
import type { CommitAs } from "@/lib/contract/workspace-agent";
import type { PushRules } from "@/lib/contract/workspaces";
import { isFailedQuery } from "@/lib/describe-error";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { type BuildLog, createBuildLog } from "./build-log";
import type { Connections } from "./connections";
import type { Gateway } from "./gateway";
import { brokerGitConfig } from "./git-broker";
import type { WorkspaceDriver } from "./port";
import { prepareWorkspace } from "./prepare";
import { parseRepository, type Repository, type WebUrlOf } from "./repository";
import { GIT_PORT, LOCAL_REPOSITORY } from "./sandbox-paths";
import type { StoredBuild, StoredWorkspace, WorkspaceStore } from "./store";

export type BuildRunner = {
  /** Does a recorded build, once; resolves at its end, whatever it is. Never throws. */
  run(build: StoredBuild): Promise<void>;
  /** The end of a build that this process is doing, undefined when it is not. */
  ending(buildId: string): Promise<void> | undefined;
  /** Opens the sockets of a sandbox that runs already. */
  reopen(workspace: StoredWorkspace): Promise<void>;
  /** Abandons unfinished builds (a later start takes them up) and waits for that. */
  close(): Promise<void>;
};

export type BuildRunnerOptions = {
  store: WorkspaceStore;
  driver: WorkspaceDriver;
  clock: Clock;
  gateway: Gateway;
  connections: Connections;
  /** Who commits inside are by; absent: as the repository says. */
  findAuthor?: ((workspace: StoredWorkspace) => Promise<CommitAs>) | undefined;
  webUrlOf?: WebUrlOf | undefined;
};

/** For a sandbox whose template says nothing: enough for a compiler, a bound for a leak. */
const DEFAULT_MEMORY_MB = 4096;
const DEFAULT_MAX_PROCESSES = 1024;
/** Between two attempts to record that a build failed, while the database does not answer. */
const RECORD_RETRY_MS = 1_000;

/** The builds of this process. */
export function createBuildRunner(options: BuildRunnerOptions): BuildRunner {
  const running = new Map<string, Promise<void>>();
  const closing = new AbortController();
  return {
    run(build) {
      const known = running.get(build.id);
      if (known) return known;
      const work = perform(options, build, closing.signal).finally(() => running.delete(build.id));
      running.set(build.id, work);
      return work;
    },
    ending: (buildId) => running.get(buildId),
    reopen: (workspace) => openGateway(options, workspace),
    async close() {
      closing.abort(new Error("The server is stopping."));
      await Promise.all(running.values());
    },
  };
}

async function perform(options: BuildRunnerOptions, build: StoredBuild, signal: AbortSignal): Promise<void> {
  const { store } = options;
  const buildLog = createBuildLog(store, build.id);
  try {
    const workspace = await store.findWorkspace({ id: build.workspaceId });
    // Done meanwhile: whoever asked read the row before its end.
    if (workspace?.latestBuild.id !== build.id || !isInProgress(workspace.latestBuild)) return;
    if (build.transition === "start") await startBuild(options, { workspace, build, buildLog, signal });
    else await endBuild(options, { workspace, build, buildLog, signal });
  } catch (error) {
    // A server that stops leaves the build as it stands; the next one takes it up.
    if (signal.aborted) return;
    await failBuild(options, { build, buildLog, error, signal });
  } finally {
    await buildLog.close();
  }
}

const isInProgress = ({ status }: StoredBuild): boolean =>
  status === "pending" || status === "starting" || status === "stopping" || status === "deleting";

type Work = { workspace: StoredWorkspace; build: StoredBuild; buildLog: BuildLog; signal: AbortSignal };

async function startBuild(options: BuildRunnerOptions, { workspace, build, buildLog, signal }: Work): Promise<void> {
  const { store, driver, connections } = options;
  const problem = driver.problem();
  if (problem) throw new Error(problem);
  const repository = repositoryOf(options, workspace);
  const agentId = newId();
  await store.updateBuild({ id: build.id, status: "starting" });
  await store.insertAgent({ id: agentId, buildId: build.id });
  connections.drop(workspace.id);
  await driver.stop({ workspaceId: workspace.id, state: build.driverState, signal });
  await openGateway(options, workspace);
  const config = workspace.template.config;
  const driverState = await driver.start({
    workspaceId: workspace.id,
    agentId,
    memoryMb: config.memory_mb ?? DEFAULT_MEMORY_MB,
    maxProcesses: config.max_processes ?? DEFAULT_MAX_PROCESSES,
    localRepository: repository?.kind === "file" ? repository.path : null,
    gitConfig: gitConfigFor(repository) + authorConfig(await options.findAuthor?.(workspace)),
    signal,
    onLog: ({ stage, line }) => buildLog.line(stage, line),
  });
  await store.updateBuild({ id: build.id, status: "starting", driverState });
  await store.updateAgent({ buildId: build.id, status: "connected" });
  const connection = connections.get({ ...build, driverState });
  const { branch } = workspace;
  const address = repository && cloneAddress(repository);
  await prepareWorkspace({ buildId: build.id, connection, repository: address, branch, config, buildLog, signal });
  buildLog.line("ready", "The workspace is ready");
  // Who sees the end also sees every line.
  await buildLog.close();
  await store.updateBuild({ id: build.id, status: "running", driverState });
}

async function endBuild(options: BuildRunnerOptions, { workspace, build, buildLog, signal }: Work): Promise<void> {
  const { store, driver, gateway, connections } = options;
  const isDelete = build.transition === "delete";
  await store.updateBuild({ id: build.id, status: isDelete ? "deleting" : "stopping" });
  buildLog.line(build.transition, isDelete ? "Deleting the workspace" : "Stopping the workspace");
  connections.drop(workspace.id);
  await driver.stop({ workspaceId: workspace.id, state: null, signal });
  await gateway.close(workspace.id);
  if (isDelete) await driver.remove(workspace.id);
  await buildLog.close();
  await store.updateBuild({ id: build.id, status: isDelete ? "deleted" : "stopped" });
}

type Failure = { build: StoredBuild; buildLog: BuildLog; error: unknown; signal: AbortSignal };

/**
 * Ends the sandbox and the build. A build whose end is not recorded would keep everybody waiting for it, so that is
 * tried until the database takes it or the server stops; then the next server takes the build up.
 */
async function failBuild(options: BuildRunnerOptions, { build, buildLog, error, signal }: Failure): Promise<void> {
  const { store, driver, clock, gateway, connections } = options;
  const message = reasonOf(error).replaceAll("\0", "");
  buildLog.line("error", message);
  if (!isApiError(error)) log.warn("workspace build failed", { buildId: build.id, workspaceId: build.workspaceId });
  connections.drop(build.workspaceId);
  try {
    await driver.stop({ workspaceId: build.workspaceId, state: null, signal: AbortSignal.timeout(10_000) });
    await gateway.close(build.workspaceId);
    await buildLog.close();
  } catch (err) {
    log.error("what a failed build left was not ended", { buildId: build.id, err });
  }
  while (!signal.aborted) {
    try {
      await store.updateAgent({ buildId: build.id, status: "disconnected" });
      return await store.updateBuild({ id: build.id, status: "failed", error: message });
    } catch (err) {
      log.error("a failed build was not recorded; trying again", { buildId: build.id, err });
      await clock.sleep(RECORD_RETRY_MS, signal).catch(() => undefined);
    }
  }
}

/** What a person reads: of a failed statement the database's own words. */
function reasonOf(error: unknown): string {
  if (isFailedQuery(error)) return reasonOf(error.cause);
  return error instanceof Error ? error.message : String(error);
}

/** @throws ApiError when the owner may not use the address (any more). */
function repositoryOf({ webUrlOf }: BuildRunnerOptions, workspace: StoredWorkspace): Repository | null {
  const rules = { trusted: isTrusted(workspace), ...(webUrlOf && { webUrlOf }) };
  return workspace.repository ? parseRepository(workspace.repository, rules) : null;
}

/** An administrator gave the address: as the owner, or in the template. */
const isTrusted = (workspace: StoredWorkspace): boolean =>
  workspace.ownerRole === "admin" || workspace.repository === workspace.template.config.repository;

async function openGateway(options: BuildRunnerOptions, workspace: StoredWorkspace): Promise<void> {
  const { driver, gateway } = options;
  await gateway.open({
    workspaceId: workspace.id,
    ownerId: workspace.ownerId,
    sockets: driver.sockets(workspace.id),
    repository: repositoryOf(options, workspace),
    trusted: isTrusted(workspace),
    allowedHosts: workspace.template.config.allowed_hosts ?? [],
    readPushRules: () => readPushRules(options.store, workspace.id),
  });
}

/** As the template says now, which is what the model is told too. */
async function readPushRules(store: WorkspaceStore, workspaceId: string): Promise<PushRules> {
  const workspace = await store.findWorkspace({ id: workspaceId }).catch((err: unknown) => {
    log.warn("the push rules could not be read", { workspaceId, err });
    throw new Error("Slipway could not read which refs may be pushed; try again.");
  });
  return workspace?.template.config.push ?? {};
}

const cloneAddress = (repository: Repository): string =>
  repository.kind === "file" ? `file://${repository.path}` : repository.remote;

/** A repository's own setting comes before it. */
function authorConfig(author: CommitAs | undefined): string {
  if (!author) return "";
  const quoted = (text: string) => `"${text.replace(/[\\"]/g, "\\$&")}"`;
  return `[user]\n\tname = ${quoted(author.name)}\n\temail = ${quoted(author.email)}\n`;
}

/** The configuration file of git inside: how the repository's address is reached, and no secret. */
function gitConfigFor(repository: Repository | null): string {
  const common =
    "[safe]\n\tdirectory = *\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n[maintenance]\n\tauto = false\n[gc]\n\tautoDetach = false\n[lfs]\n\tlocksverify = false\n";
  if (!repository) return common;
  if (repository.kind === "http") return common + brokerGitConfig(repository, GIT_PORT);
  const quoted = `"file://${repository.path.replace(/[\\"]/g, "\\$&")}"`;
  return `${common}[url "file://${LOCAL_REPOSITORY}"]\n\tinsteadOf = ${quoted}\n`;
}
