/** Builds, their agents and logs: the writes behind the workspaces, and reads across owners. For the server itself only. */
import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Database, Executor } from "@/db/client";
import {
  egressRefusals,
  templates,
  users,
  workspaceAgents,
  workspaceBuildLogs,
  workspaceBuilds,
  workspaces,
} from "@/db/schema";
import type { UserRole } from "@/lib/contract/users";
import type { AgentStatus, BuildLogLine, BuildStatus, BuildTransition } from "@/lib/contract/workspaces";
import { ensureTemplate, findDefaultTemplate, findTemplate } from "./templates";

/** A page of build log; the reader asks again. */
const LOG_PAGE = 500;
/** Pending builds that are begun at one look; the next one finds the rest. */
const PENDING_PAGE = 50;
/** Statuses of a build that is in progress or runs. */
const LIVE: BuildStatus[] = ["pending", "starting", "running", "stopping", "deleting"];
const IN_PROGRESS: BuildStatus[] = ["pending", "starting", "stopping", "deleting"];
const ENDED: BuildStatus[] = ["stopped", "deleted", "failed"];

/** The store behind the workspaces, over one database. */
export function createWorkspaceStore(db: Database) {
  return {
    findTemplate: (options: { id: string }) => findTemplate(db, options),
    findDefaultTemplate: () => findDefaultTemplate(db),
    ensureTemplate: (options: Parameters<typeof ensureTemplate>[1]) => ensureTemplate(db, options),
    findUserRole: (options: { userId: string }) => findUserRole(db, options),
    insertWorkspace: (options: InsertWorkspace) => db.transaction((tx) => insertWorkspace(tx, options)),
    findWorkspace: (options: { id: string }) => findWorkspaceWithBuild(db, options),
    insertBuild: (options: InsertBuild) => db.transaction((tx) => insertBuild(tx, options)),
    updateBuild: (options: UpdateBuild) => db.transaction((tx) => updateBuild(tx, options)),
    insertAgent: (options: { id: string; buildId: string }) => insertAgent(db, options),
    updateAgent: (options: { buildId: string; status: AgentStatus }) => updateAgent(db, options),
    appendBuildLogs: (options: AppendLogs) => appendBuildLogs(db, options),
    listLiveBuilds: () => listLiveBuilds(db),
    listPendingBuilds: () => listPendingBuilds(db),
    insertRefusal: (options: InsertRefusal) => insertRefusal(db, options),
  };
}

async function findUserRole(executor: Executor, options: { userId: string }): Promise<UserRole | undefined> {
  const [row] = await executor.select({ role: users.role }).from(users).where(eq(users.id, options.userId));
  return row?.role;
}

type InsertWorkspace = {
  id: string;
  name: string;
  ownerId: string;
  templateId: string;
  repository: string | null;
  branch: string | null;
  buildId: string;
  chatId: string | null;
};

/** The workspace and its first build, a pending start; bound to its chat, unless that has a live one: then nothing. */
export async function insertWorkspace(executor: Executor, options: InsertWorkspace): Promise<{ workspaceId: string }> {
  const { buildId, chatId, ...values } = options;
  if (chatId) {
    await executor.execute(sql`SELECT 1 FROM chats WHERE id = ${chatId} FOR NO KEY UPDATE`);
    const [bound] = await executor.execute<{ id: string }>(sql`
      SELECT w.id FROM chats c JOIN workspaces w ON w.id = c.workspace_id AND w.deleted_at IS NULL
      WHERE c.id = ${chatId}`);
    if (bound) return { workspaceId: bound.id };
  }
  await executor.insert(workspaces).values(values);
  await executor
    .insert(workspaceBuilds)
    .values({ id: buildId, workspaceId: options.id, buildNumber: 1, transition: "start" });
  if (chatId) await executor.execute(sql`UPDATE chats SET workspace_id = ${options.id} WHERE id = ${chatId}`);
  return { workspaceId: options.id };
}

const buildColumns = {
  id: workspaceBuilds.id,
  workspaceId: workspaceBuilds.workspaceId,
  buildNumber: workspaceBuilds.buildNumber,
  transition: workspaceBuilds.transition,
  status: workspaceBuilds.status,
  error: workspaceBuilds.error,
  driverState: workspaceBuilds.driverState,
  agentId: workspaceAgents.id,
};

const isLatest: SQL = sql`${workspaceBuilds.buildNumber} = (SELECT max(b.build_number) FROM workspace_builds b
  WHERE b.workspace_id = ${workspaceBuilds.workspaceId})`;

/** A live workspace with its template and latest build. Primary key, then `workspace_builds_number` backwards. */
export async function findWorkspaceWithBuild(executor: Executor, options: { id: string }) {
  const [row] = await executor
    .select({
      id: workspaces.id,
      name: workspaces.name,
      ownerId: workspaces.ownerId,
      ownerRole: users.role,
      repository: workspaces.repository,
      branch: workspaces.branch,
      template: {
        id: templates.id,
        name: templates.name,
        driver: templates.driver,
        config: templates.config,
        enabled: templates.enabled,
      },
      latestBuild: buildColumns,
    })
    .from(workspaces)
    .innerJoin(templates, eq(templates.id, workspaces.templateId))
    .innerJoin(users, eq(users.id, workspaces.ownerId))
    .innerJoin(workspaceBuilds, and(eq(workspaceBuilds.workspaceId, workspaces.id), isLatest))
    .leftJoin(workspaceAgents, eq(workspaceAgents.buildId, workspaceBuilds.id))
    .where(and(eq(workspaces.id, options.id), isNull(workspaces.deletedAt)));
  return row;
}

type InsertBuild = { id: string; workspaceId: string; transition: BuildTransition };

/** The next build; undefined while the latest is in progress or the workspace is deleted. Locks the workspace's row. */
export async function insertBuild(executor: Executor, options: InsertBuild) {
  const [owner] = await executor
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(and(eq(workspaces.id, options.workspaceId), isNull(workspaces.deletedAt)))
    .for("update");
  if (!owner) return undefined;
  const [latest] = await executor
    .select({ buildNumber: workspaceBuilds.buildNumber, status: workspaceBuilds.status })
    .from(workspaceBuilds)
    .where(and(eq(workspaceBuilds.workspaceId, options.workspaceId), isLatest));
  if (!latest || IN_PROGRESS.includes(latest.status)) return undefined;
  const [row] = await executor
    .insert(workspaceBuilds)
    .values({ ...options, buildNumber: latest.buildNumber + 1 })
    .returning();
  return { ...row!, agentId: null };
}

type UpdateBuild = {
  id: string;
  status: BuildStatus;
  error?: string | null;
  driverState?: Record<string, unknown> | null;
};

/** Moves a build on; its end is stamped, and `deleted` deletes the workspace softly. */
export async function updateBuild(executor: Executor, options: UpdateBuild): Promise<void> {
  const { id, ...values } = options;
  const finishedAt = ENDED.includes(options.status) ? (sql`now()` as unknown as string) : undefined;
  await executor
    .update(workspaceBuilds)
    .set({ ...values, ...(finishedAt ? { finishedAt } : {}) })
    .where(eq(workspaceBuilds.id, id));
  if (options.status !== "deleted") return;
  await executor.execute(sql`
    UPDATE workspaces SET deleted_at = now()
    WHERE id = (SELECT workspace_id FROM workspace_builds WHERE id = ${id}) AND deleted_at IS NULL`);
}

/** The agent of a build, connecting. A build that is started again gets a new one. */
export async function insertAgent(executor: Executor, options: { id: string; buildId: string }): Promise<void> {
  await executor.delete(workspaceAgents).where(eq(workspaceAgents.buildId, options.buildId));
  await executor.insert(workspaceAgents).values(options);
}

/** Sets an agent's status; connecting for the first time is stamped. */
export async function updateAgent(
  executor: Executor,
  options: { buildId: string; status: AgentStatus },
): Promise<void> {
  const connectedAt = sql`CASE WHEN ${options.status} = 'connected' THEN coalesce(connected_at, now()) ELSE connected_at END`;
  await executor
    .update(workspaceAgents)
    .set({ status: options.status, connectedAt: connectedAt as unknown as string })
    .where(eq(workspaceAgents.buildId, options.buildId));
}

type AppendLogs = { buildId: string; lines: BuildLogLine[] };

/** Adds log lines after those that are there. One writer a build. */
export async function appendBuildLogs(executor: Executor, options: AppendLogs): Promise<void> {
  if (options.lines.length === 0) return;
  await executor.execute(sql`
    INSERT INTO workspace_build_logs (build_id, seq, stage, line)
    SELECT ${options.buildId}::uuid, last.seq + new.position, new.item ->> 'stage', new.item ->> 'line'
    FROM jsonb_array_elements(${JSON.stringify(options.lines)}::jsonb) WITH ORDINALITY AS new (item, position),
      (SELECT coalesce(max(seq), 0) AS seq FROM workspace_build_logs WHERE build_id = ${options.buildId}) AS last`);
}

/** The next page of a build's log after `afterSeq`, in order. Primary key range scan. */
export async function listBuildLogs(
  executor: Executor,
  options: { buildId: string; afterSeq: number },
): Promise<(BuildLogLine & { seq: number })[]> {
  return executor
    .select({ seq: workspaceBuildLogs.seq, stage: workspaceBuildLogs.stage, line: workspaceBuildLogs.line })
    .from(workspaceBuildLogs)
    .where(and(eq(workspaceBuildLogs.buildId, options.buildId), gt(workspaceBuildLogs.seq, options.afterSeq)))
    .orderBy(asc(workspaceBuildLogs.seq))
    .limit(LOG_PAGE);
}

/** Latest builds of all workspaces that are in progress or run. */
export async function listLiveBuilds(executor: Executor) {
  return executor
    .select(buildColumns)
    .from(workspaceBuilds)
    .innerJoin(workspaces, and(eq(workspaces.id, workspaceBuilds.workspaceId), isNull(workspaces.deletedAt)))
    .leftJoin(workspaceAgents, eq(workspaceAgents.buildId, workspaceBuilds.id))
    .where(and(inArray(workspaceBuilds.status, LIVE), isLatest));
}

/** Builds that no process has taken up yet. Asked twice a second: the partial index on pending ones. */
export async function listPendingBuilds(executor: Executor) {
  return executor
    .select(buildColumns)
    .from(workspaceBuilds)
    .leftJoin(workspaceAgents, eq(workspaceAgents.buildId, workspaceBuilds.id))
    .where(sql`${workspaceBuilds.status} = 'pending'`)
    .orderBy(asc(workspaceBuilds.createdAt))
    .limit(PENDING_PAGE);
}

type InsertRefusal = { workspaceId: string; host: string; port: number; reason: string };

/** Records an outgoing request that was refused. */
export async function insertRefusal(executor: Executor, options: InsertRefusal): Promise<void> {
  await executor.insert(egressRefusals).values(options);
}
