/** Keeps the sandboxes of this machine and the rows about them in step: takes up, keeps alive, reaps. */
import type { Clock } from "@/lib/clock";
import { log } from "@/lib/log";
import type { BuildRunner } from "./builds";
import type { Connections } from "./connections";
import type { Gateway } from "./gateway";
import type { WorkspaceDriver } from "./port";
import type { StoredBuild, WorkspaceStore } from "./store";

export type WatchOptions = {
  store: WorkspaceStore;
  driver: WorkspaceDriver;
  clock: Clock;
  builds: BuildRunner;
  gateway: Gateway;
  connections: Connections;
};

/** Well below the ten minutes after which an agent believes that it is forgotten. */
const ROUND_MS = 60_000;
const PING_MS = 5_000;
/** How soon a build that another process recorded is noticed; the person is told that it is pending. */
const PENDING_MS = 500;

/** Goes round once at once and then every minute until the signal aborts. The returned promise is the first round's. */
export async function watchSandboxes(
  options: WatchOptions,
  { signal, isShared }: { signal: AbortSignal; isShared: boolean },
): Promise<void> {
  await round(options, { signal, isFirst: true });
  if (isShared) void watchPending(options, signal);
  void (async () => {
    while (!signal.aborted) {
      await options.clock.sleep(ROUND_MS, signal).catch(() => {});
      if (signal.aborted) return;
      await round(options, { signal, isFirst: false }).catch((err: unknown) => {
        log.error("looking after the workspaces failed", { err });
      });
    }
  })();
}

/** Takes up builds that other processes recorded. Running one twice is running it once. */
async function watchPending({ store, clock, builds }: WatchOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(PENDING_MS, signal).catch(() => {});
    if (signal.aborted) return;
    try {
      for (const build of await store.listPendingBuilds()) void builds.run(build);
    } catch (err) {
      log.warn("looking for pending builds failed", { err });
    }
  }
}

async function round(options: WatchOptions, state: { signal: AbortSignal; isFirst: boolean }): Promise<void> {
  const live = await options.store.listLiveBuilds();
  await Promise.all(live.map((build) => lookAfter(options, { ...state, build })));
  await reap(options, live);
}

type Look = { build: StoredBuild; signal: AbortSignal; isFirst: boolean };

async function lookAfter(options: WatchOptions, { build, signal, isFirst }: Look): Promise<void> {
  if (build.status !== "running") {
    // In progress, and not here: a server that died left it.
    if (isFirst) void options.builds.run(build);
    return;
  }
  if (!build.driverState || !options.driver.isAlive(build.driverState)) return markEnded(options, build);
  try {
    if (!options.gateway.isOpen(build.workspaceId)) await reopen(options, build);
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(PING_MS)]);
    await options.connections.get(build).health(deadline);
  } catch (err) {
    if (!signal.aborted) log.warn("a workspace agent does not answer", { workspaceId: build.workspaceId, err });
  }
}

async function reopen(options: WatchOptions, build: StoredBuild): Promise<void> {
  const workspace = await options.store.findWorkspace({ id: build.workspaceId });
  if (workspace) await options.builds.reopen(workspace);
}

/** Records that a sandbox ended without being asked to: the machine was restarted, or nobody spoke to it for long. */
export async function markEnded(
  options: Pick<WatchOptions, "store" | "gateway" | "connections">,
  build: StoredBuild,
): Promise<void> {
  options.connections.drop(build.workspaceId);
  await options.gateway.close(build.workspaceId);
  await options.store.updateAgent({ buildId: build.id, status: "disconnected" });
  await options.store.updateBuild({ id: build.id, status: "stopped", error: "The sandbox ended by itself." });
}

/** Ends sandboxes of this data directory that no live build speaks of. */
async function reap(options: WatchOptions, live: StoredBuild[]): Promise<void> {
  const wanted = new Set(live.map((build) => build.workspaceId));
  for (const workspaceId of await options.driver.listRunning()) {
    if (wanted.has(workspaceId)) continue;
    const row = await options.store.findWorkspace({ id: workspaceId });
    // A build may have begun since the rows were read.
    if (row && ["pending", "starting", "running"].includes(row.latestBuild.status)) continue;
    log.info("ending a sandbox without a build", { workspaceId });
    await options.driver.stop({ workspaceId, state: null, signal: AbortSignal.timeout(10_000) });
  }
}
