/** What the workspaces need of the database, as one narrow port. The queries live in `db/queries`. */
import type { UserRole } from "@/lib/contract/users";
import type {
  AgentStatus,
  BuildLogLine,
  BuildStatus,
  BuildTransition,
  TemplateConfig,
  WorkspaceDriverName,
} from "@/lib/contract/workspaces";

/** A template as the store returns it, also a deleted one. */
export type StoredTemplate = {
  id: string;
  name: string;
  driver: WorkspaceDriverName;
  config: TemplateConfig;
  enabled: boolean;
};

/** A build, with the agent that belongs to it once it runs. */
export type StoredBuild = {
  id: string;
  workspaceId: string;
  buildNumber: number;
  transition: BuildTransition;
  status: BuildStatus;
  error: string | null;
  driverState: Record<string, unknown> | null;
  agentId: string | null;
};

/** A workspace with its template and its latest build. */
export type StoredWorkspace = {
  id: string;
  name: string;
  ownerId: string;
  ownerRole: UserRole;
  repository: string | null;
  branch: string | null;
  template: StoredTemplate;
  latestBuild: StoredBuild;
};

export type InsertWorkspace = {
  id: string;
  name: string;
  ownerId: string;
  templateId: string;
  repository: string | null;
  branch: string | null;
  buildId: string;
  /** The chat it is made for: bound in the same transaction, so that no crash leaves it without. */
  chatId: string | null;
};

export type WorkspaceStore = {
  findTemplate(options: { id: string }): Promise<StoredTemplate | undefined>;
  /** The oldest enabled template. */
  findDefaultTemplate(): Promise<StoredTemplate | undefined>;
  /** Inserts the template when the table has never held one. */
  ensureTemplate(template: Omit<StoredTemplate, "enabled"> & { description: string }): Promise<void>;
  findUserRole(options: { userId: string }): Promise<UserRole | undefined>;
  /**
   * The workspace and its first, pending build (a start), together. A chat that has a live workspace by then keeps it,
   * and nothing is inserted: the id is its.
   */
  insertWorkspace(options: InsertWorkspace): Promise<{ workspaceId: string }>;
  /** Undefined when unknown or deleted. */
  findWorkspace(options: { id: string }): Promise<StoredWorkspace | undefined>;
  /** The next build, or undefined while the latest one is in progress. */
  insertBuild(options: {
    id: string;
    workspaceId: string;
    transition: BuildTransition;
  }): Promise<StoredBuild | undefined>;
  /** An end status also sets `finished_at`; `deleted` also deletes the workspace row (softly). */
  updateBuild(options: {
    id: string;
    status: BuildStatus;
    error?: string | null;
    driverState?: Record<string, unknown> | null;
  }): Promise<void>;
  insertAgent(options: { id: string; buildId: string }): Promise<void>;
  updateAgent(options: { buildId: string; status: AgentStatus }): Promise<void>;
  /** After the lines that are there. */
  appendBuildLogs(options: { buildId: string; lines: BuildLogLine[] }): Promise<void>;
  /** Of all workspaces: latest builds that are in progress or run. */
  listLiveBuilds(): Promise<StoredBuild[]>;
  /** Builds that nobody has taken up yet, oldest first; some of them when there are many. */
  listPendingBuilds(): Promise<StoredBuild[]>;
  insertRefusal(options: { workspaceId: string; host: string; port: number; reason: string }): Promise<void>;
};
