import { expect, test } from "vitest";
import type { WorkspaceConnection } from "@/lib/contract/workspace-agent";
import type { BuildStatus } from "@/lib/contract/workspaces";
import { type ReachOptions, reachAgent } from "@/lib/workspaces/reach";
import type { StoredWorkspace } from "@/lib/workspaces/store";

const connection = {} as WorkspaceConnection;

/** A workspace whose build has these states, one a look. */
function optionsWith(states: BuildStatus[]): ReachOptions {
  const left = [...states];
  return {
    store: {
      findWorkspace: async () => {
        const status = left.length > 1 ? left.shift() : left[0];
        return { id: "w", latestBuild: { id: "b", transition: "start", status, driverState: {} } } as StoredWorkspace;
      },
    },
    driver: { isAlive: () => true },
    clock: { now: () => 0, sleep: async () => {} },
    builds: { ending: () => undefined },
    connections: { get: () => connection },
    build: async () => {},
  } as unknown as ReachOptions;
}

test("who waits for a slow start is told so once, however often it is looked at", async () => {
  const told: string[] = [];
  const options = optionsWith(["pending", "starting", "starting", "starting", "running"]);
  const signal = new AbortController().signal;
  const reached = await reachAgent(options, { workspaceId: "w", signal, onProgress: (what) => told.push(what) });
  expect(reached).toBe(connection);
  expect(told).toEqual(["Waiting for the workspace to start"]);
});
