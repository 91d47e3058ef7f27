/** The open connections of this process, one a workspace, to the agent of its latest build. */
import { type AgentConnection, connectAgent } from "./connection";
import type { WorkspaceDriver } from "./port";
import type { StoredBuild } from "./store";

export type Connections = {
  /** The connection to that build's agent, opened when needed; one to an older build is closed. */
  get(build: Pick<StoredBuild, "id" | "workspaceId" | "driverState">): AgentConnection;
  /** The open connection of a workspace, if any. */
  find(workspaceId: string): AgentConnection | undefined;
  drop(workspaceId: string): void;
  closeAll(): void;
};

/** Keeps connections by workspace; a new build replaces the old one's. */
export function createConnections(driver: WorkspaceDriver): Connections {
  const open = new Map<string, { buildId: string; connection: AgentConnection }>();
  const drop = (workspaceId: string) => {
    open.get(workspaceId)?.connection.close();
    open.delete(workspaceId);
  };
  return {
    get(build) {
      const known = open.get(build.workspaceId);
      if (known?.buildId === build.id) return known.connection;
      drop(build.workspaceId);
      const endpoint = driver.endpoint({ workspaceId: build.workspaceId, state: build.driverState ?? {} });
      const connection = connectAgent(endpoint);
      open.set(build.workspaceId, { buildId: build.id, connection });
      return connection;
    },
    find: (workspaceId) => open.get(workspaceId)?.connection,
    drop,
    closeAll() {
      for (const workspaceId of [...open.keys()]) drop(workspaceId);
    },
  };
}
