/** Workspaces as the rest of the product sees them: create, build, connect. Rows go through its store. */
import type { Clock } from "@/lib/clock";
import { ApiError } from "@/lib/contract/errors";
import type { CommitAs, WorkspaceConnection } from "@/lib/contract/workspace-agent";
import type { BuildTransition, FoundFiles } from "@/lib/contract/workspaces";
import { newId } from "@/lib/ids";
import { createBuildRunner } from "./builds";
import { createConnections } from "./connections";
import { type CreateWorkspace, createWorkspace } from "./create";
import { ensureDefaultTemplate } from "./default-template";
import type { EgressRefusal } from "./egress-proxy";
import { type FindFiles, findFiles } from "./find-files";
import { createGateway, type GatewaySettings } from "./gateway";
import type { WorkspaceDriver } from "./port";
import { type ConnectWorkspace, findAgent, reachAgent } from "./reach";
import type { StoredBuild, StoredWorkspace, WorkspaceStore } from "./store";
import { watchSandboxes } from "./watch";

export type WorkspaceService = {
  /**
   * Call once, in the one process that hosts the sandboxes of its data directory: makes the default template, takes up
   * builds that nobody works on, reconnects to living sandboxes and starts the reaper. Other processes only record
   * builds and wait for them. `isShared`: they do so in this database.
   */
  start(options?: { isShared?: boolean }): Promise<void>;
  /** Inserts the workspace and its first build; the host does the work in the background. @throws ApiError `unprocessable` for an unusable template or repository. */
  create(options: CreateWorkspace): Promise<{ workspaceId: string; isNew: boolean }>;
  /** A new build; returns its id once it is recorded, the work goes on in the background. @throws ApiError `conflict` while one is in progress. */
  build(options: { workspaceId: string; transition: BuildTransition }): Promise<{ buildId: string }>;
  /**
   * The agent of the latest build, looked up at every use. Waits while a start is in progress, starts a stopped workspace.
   * `onProgress` hears what is waited for. @throws ApiError `unavailable` when it cannot be reached.
   */
  connect(options: ConnectWorkspace): Promise<WorkspaceConnection>;
  /** Files of a running workspace by a part of their path. @throws ApiError `conflict` while it does not run. */
  findFiles(options: FindFiles): Promise<FoundFiles>;
  /** The agent of a workspace that runs or is starting; undefined otherwise. Starts nothing. */
  find(options: ConnectWorkspace): Promise<WorkspaceConnection | undefined>;
  /** Why tools are refused on this machine, with the command that helps; null when they work. */
  problem(): string | null;
  /** Ends connections and background work; sandboxes live on. */
  close(): Promise<void>;
};

export type WorkspaceServiceOptions = {
  store: WorkspaceStore;
  driver: WorkspaceDriver;
  clock: Clock;
  gateway: GatewaySettings;
  /** Who commits inside are by; absent: as the repository says. */
  findAuthor?: (workspace: StoredWorkspace) => Promise<CommitAs>;
};

/** A refusal tells the running command within this time, or not at all. */
const REFUSAL_MS = 500;

/** The workspaces of this process, over one driver. */
export function createWorkspaceService(options: WorkspaceServiceOptions): WorkspaceService {
  const { store, driver, clock } = options;
  const { webUrlOf } = options.gateway;
  const connections = createConnections(driver);
  const onRefusal = async (workspaceId: string, refusal: EgressRefusal) => {
    const { host, port, reason } = refusal;
    const told = connections.find(workspaceId)?.refuse(refusal, AbortSignal.timeout(REFUSAL_MS));
    await Promise.all([told?.catch(() => {}), store.insertRefusal({ workspaceId, host, port, reason })]);
  };
  const gateway = createGateway({ ...options.gateway, onRefusal });
  const builds = createBuildRunner({
    store,
    driver,
    clock,
    gateway,
    connections,
    webUrlOf,
    findAuthor: options.findAuthor,
  });
  const closing = new AbortController();
  let isHost = false;
  /** Elsewhere the build stays as it is recorded: the host looks for it. */
  const begin = (build: StoredBuild) => {
    if (isHost) void builds.run(build);
  };
  const parts = { store, driver, clock, gateway, builds, connections };
  const build: WorkspaceService["build"] = async ({ workspaceId, transition }) => {
    const row = await store.insertBuild({ id: newId(), workspaceId, transition });
    if (!row) throw new ApiError("conflict", "A build of this workspace is in progress; wait until it has ended.");
    begin(row);
    return { buildId: row.id };
  };
  return {
    async start({ isShared = false } = {}) {
      await ensureDefaultTemplate(store);
      isHost = true;
      await watchSandboxes(parts, { signal: closing.signal, isShared });
    },
    create: (request) => createWorkspace({ store, begin, webUrlOf }, request),
    build,
    find: (request) => findAgent({ ...parts, build }, request),
    connect: (request) => reachAgent({ ...parts, build }, request),
    findFiles: (request) => findFiles(parts, request),
    problem: () => driver.problem(),
    async close() {
      closing.abort(new Error("The server is stopping."));
      await builds.close();
      await gateway.closeAll();
      connections.closeAll();
    },
  };
}
