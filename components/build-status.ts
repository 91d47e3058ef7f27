import type { BuildStatus } from "@/lib/contract/workspaces";

/** What a workspace is doing, in a word or two. */
export const BUILD_STATUS_LABELS = {
  pending: "Starting",
  starting: "Starting",
  running: "Running",
  stopping: "Stopping",
  stopped: "Stopped",
  deleting: "Being deleted",
  deleted: "Deleted",
  failed: "Failed",
} satisfies Record<BuildStatus, string>;
