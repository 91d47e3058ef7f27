/** Workspaces as the rest of the product sees them: create, build, connect. Rows go through its store. */

import type { WorkspaceConnection } from "@/lib/contract/workspace-agent";
import type { BuildTransition } from "@/lib/contract/workspaces";

export type CreateWorkspace = {
  ownerId: string;
  templateId?: string;
  repository?: string;
  branch?: string;
  name?: string;
};

export type WorkspaceService = {
  /** Inserts the workspace and its first build and starts it in the background. @throws ApiError `unprocessable` for an unusable template. */
  create(options: CreateWorkspace): Promise<{ workspaceId: string }>;
  /** A new build; returns its id once it is recorded, the work goes on in the background. @throws ApiError `conflict` while one is in progress. */
  build(options: { workspaceId: string; transition: BuildTransition }): Promise<{ buildId: string }>;
  /**
   * The agent of the latest build, looked up at every use. Waits while a start is in progress, starts a stopped workspace.
   * `onProgress` hears what is waited for. @throws ApiError `unavailable` when it cannot be reached.
   */
  connect(options: {
    workspaceId: string;
    signal: AbortSignal;
    onProgress?: (what: string) => void;
  }): Promise<WorkspaceConnection>;
  /** Why tools are refused on this machine, with the command that helps; null when they work. */
  problem(): string | null;
  /** Ends connections and background work; sandboxes live on. */
  close(): Promise<void>;
};
