/** Names of files in a running workspace, for people who type a part of one. Starts nothing. */
import { ApiError, notFound } from "@/lib/contract/errors";
import type { FoundFiles } from "@/lib/contract/workspaces";
import type { Connections } from "./connections";
import type { WorkspaceDriver } from "./port";
import type { WorkspaceStore } from "./store";

export type FindFiles = { workspaceId: string; query: string; limit: number; signal: AbortSignal };

type Parts = { store: WorkspaceStore; driver: WorkspaceDriver; connections: Connections };

/** @throws ApiError `not_found`; `conflict` while it does not run; `unavailable` when it does not answer. */
export async function findFiles({ store, driver, connections }: Parts, request: FindFiles): Promise<FoundFiles> {
  const { workspaceId, query, limit, signal } = request;
  const workspace = await store.findWorkspace({ id: workspaceId });
  if (!workspace) throw notFound();
  const latest = workspace.latestBuild;
  if (latest.status !== "running" || !latest.driverState || !driver.isAlive(latest.driverState)) {
    throw new ApiError("conflict", `The workspace is ${latest.status}: its files can be found while it runs.`);
  }
  try {
    return await connections.get(latest).findFiles({ query, limit }, signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new ApiError("unavailable", "The workspace does not answer. Try again.", { cause });
  }
}
