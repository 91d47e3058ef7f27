/** Finds the agent of a workspace's latest build, waiting for a start or beginning one. Looks it up at every use. */
import type { Clock } from "@/lib/clock";
import { ApiError } from "@/lib/contract/errors";
import type { WorkspaceConnection } from "@/lib/contract/workspace-agent";
import type { BuildTransition } from "@/lib/contract/workspaces";
import type { BuildRunner } from "./builds";
import type { Connections } from "./connections";
import type { Gateway } from "./gateway";
import type { WorkspaceDriver } from "./port";
import type { StoredBuild, WorkspaceStore } from "./store";
import { markEnded } from "./watch";

export type ReachOptions = {
  store: WorkspaceStore;
  driver: WorkspaceDriver;
  clock: Clock;
  gateway: Gateway;
  builds: BuildRunner;
  connections: Connections;
  /** Begins a build. @throws ApiError `conflict` while one is in progress. */
  build(options: { workspaceId: string; transition: BuildTransition }): Promise<unknown>;
};

export type ConnectWorkspace = {
  workspaceId: string;
  signal: AbortSignal;
  onProgress?: (what: string) => void;
};

/** Another process may be building: its row is read twice a second. */
const POLL_MS = 500;
/** Starts that one use begins: one after a sandbox that ended by itself, one more for a race with a stop. */
const MAX_STARTS = 2;

/** @throws ApiError `unavailable` when it cannot be reached, or the signal's reason. */
export async function reachAgent(options: ReachOptions, request: ConnectWorkspace): Promise<WorkspaceConnection> {
  const { workspaceId, signal } = request;
  const tell = onceEach(request.onProgress);
  let starts = 0;
  for (;;) {
    signal.throwIfAborted();
    const workspace = await options.store.findWorkspace({ id: workspaceId });
    if (!workspace) throw new ApiError("unavailable", "The workspace was deleted.");
    const latest = workspace.latestBuild;
    const step = nextStep(options, latest, starts);
    if (step === "use") return use(options, latest);
    if (step === "fail") throw unavailable(latest);
    if (step === "mark") await markEnded(options, latest);
    if (step === "wait") {
      // A start that fails while it is waited for is not tried again in the same breath.
      if (latest.transition === "start") starts = Math.max(starts, 1);
      tell(`Waiting for the workspace to ${latest.transition === "start" ? "start" : "stop"}`);
      await waitForBuild(options, latest.id, signal);
    }
    if (step === "start") {
      starts += 1;
      tell("Starting the workspace");
      await options.build({ workspaceId, transition: "start" }).catch(ignoreConflict);
    }
  }
}

/**
 * The agent of a workspace that runs, after waiting for a start that is in progress; undefined for one that does not
 * run. Starts nothing. @throws the signal's reason.
 */
export async function findAgent(
  options: ReachOptions,
  { workspaceId, signal }: ConnectWorkspace,
): Promise<WorkspaceConnection | undefined> {
  for (;;) {
    signal.throwIfAborted();
    const latest = (await options.store.findWorkspace({ id: workspaceId }))?.latestBuild;
    const step = latest && nextStep(options, latest, 0);
    if (latest?.transition !== "start" || (step !== "use" && step !== "wait")) return undefined;
    if (step === "use") return use(options, latest);
    await waitForBuild(options, latest.id, signal);
  }
}

/** The row is read again and again while one waits; what is waited for is told when it changes. */
function onceEach(onProgress: ConnectWorkspace["onProgress"]): (what: string) => void {
  let last: string | undefined;
  return (what) => {
    if (what === last) return;
    last = what;
    onProgress?.(what);
  };
}

type Step = "use" | "wait" | "start" | "mark" | "fail";

function nextStep({ driver }: ReachOptions, build: StoredBuild, starts: number): Step {
  const isOver = build.status === "stopped" || (build.status === "failed" && starts === 0);
  if (build.status === "running") return build.driverState && driver.isAlive(build.driverState) ? "use" : "mark";
  if (build.status === "deleted" || build.status === "deleting") return "fail";
  if (isOver) return starts < MAX_STARTS ? "start" : "fail";
  return build.status === "failed" ? "fail" : "wait";
}

function use({ connections }: ReachOptions, build: StoredBuild): WorkspaceConnection {
  try {
    return connections.get(build);
  } catch (cause) {
    throw new ApiError("unavailable", "The workspace cannot be reached: its connection secret is gone. Restart it.", {
      cause,
    });
  }
}

function unavailable(build: StoredBuild): ApiError {
  if (build.status === "deleting") return new ApiError("unavailable", "The workspace is being deleted.");
  const reason = build.error ?? `it is ${build.status}`;
  return new ApiError("unavailable", `The workspace could not be started: ${reason}`);
}

async function waitForBuild({ builds, clock }: ReachOptions, buildId: string, signal: AbortSignal): Promise<void> {
  const waited = new AbortController();
  const pause = clock.sleep(POLL_MS, AbortSignal.any([signal, waited.signal])).catch(() => {});
  await Promise.race([builds.ending(buildId) ?? pause, pause]);
  waited.abort();
}

/** Somebody else began a build in between: the next look waits for it. */
function ignoreConflict(error: unknown): void {
  const isConflict = error instanceof ApiError && error.code === "conflict";
  if (!isConflict) throw error;
}
