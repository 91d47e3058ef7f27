/** Workspaces as their owners see them. The owner's id is in every WHERE; builds are written elsewhere. */
import { and, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { workspaceAgents, workspaceBuilds, workspaces } from "@/db/schema";
import type { Build, Workspace } from "@/lib/contract/workspaces";

/** One page of everything; a person with more deletes some. */
const MAX_WORKSPACES = 500;

type BuildRow = Build & { workspaceId: string };

/** A person's workspaces, newest first. */
export async function listWorkspaces(executor: Executor, options: { ownerId: string }): Promise<Workspace[]> {
  return selectWorkspaces(executor, eq(workspaces.ownerId, options.ownerId));
}

/** A person's workspace; undefined when unknown, deleted or another's. */
export async function findWorkspace(
  executor: Executor,
  options: { id: string; ownerId: string },
): Promise<Workspace | undefined> {
  const own = and(eq(workspaces.id, options.id), eq(workspaces.ownerId, options.ownerId));
  const [row] = await selectWorkspaces(executor, own);
  return row;
}

/** A build of a person's workspace, also of a deleted one. */
export async function findBuild(
  executor: Executor,
  options: { id: string; workspaceId: string; ownerId: string },
): Promise<Build | undefined> {
  const [row] = await selectBuilds(
    executor,
    and(
      eq(workspaceBuilds.id, options.id),
      eq(workspaceBuilds.workspaceId, options.workspaceId),
      sql`EXISTS (SELECT 1 FROM workspaces w WHERE w.id = ${options.workspaceId} AND w.owner_id = ${options.ownerId})`,
    ),
  );
  return row && withoutWorkspace(row);
}

async function selectWorkspaces(executor: Executor, where: SQL | undefined): Promise<Workspace[]> {
  const rows = await executor
    .select({
      id: workspaces.id,
      name: workspaces.name,
      owner_id: workspaces.ownerId,
      template_id: workspaces.templateId,
      repository: workspaces.repository,
      branch: workspaces.branch,
      created_at: workspaces.createdAt,
    })
    .from(workspaces)
    .where(and(where, isNull(workspaces.deletedAt)))
    .orderBy(desc(workspaces.createdAt), workspaces.id)
    .limit(MAX_WORKSPACES);
  const ids = rows.map((row) => row.id);
  const builds = ids.length > 0 ? await selectBuilds(executor, latestOf(ids)) : [];
  const byWorkspace = new Map(builds.map((build) => [build.workspaceId, build]));
  return rows.flatMap((row) => {
    const build = byWorkspace.get(row.id);
    return build ? [{ ...row, status: build.status, latest_build: withoutWorkspace(build) }] : [];
  });
}

/** Unique index `workspace_builds_number`, backwards, one row a workspace. */
const latestOf = (workspaceIds: string[]): SQL | undefined =>
  and(
    inArray(workspaceBuilds.workspaceId, workspaceIds),
    sql`${workspaceBuilds.buildNumber} = (SELECT max(b.build_number) FROM workspace_builds b
      WHERE b.workspace_id = ${workspaceBuilds.workspaceId})`,
  );

async function selectBuilds(executor: Executor, where: SQL | undefined): Promise<BuildRow[]> {
  const rows = await executor
    .select({
      id: workspaceBuilds.id,
      workspaceId: workspaceBuilds.workspaceId,
      build_number: workspaceBuilds.buildNumber,
      transition: workspaceBuilds.transition,
      status: workspaceBuilds.status,
      error: workspaceBuilds.error,
      agentId: workspaceAgents.id,
      agentName: workspaceAgents.name,
      agentStatus: workspaceAgents.status,
      connectedAt: workspaceAgents.connectedAt,
    })
    .from(workspaceBuilds)
    .leftJoin(workspaceAgents, eq(workspaceAgents.buildId, workspaceBuilds.id))
    .where(where);
  return rows.map(({ agentId, agentName, agentStatus, connectedAt, ...build }) => ({
    ...build,
    agents: agentId ? [{ id: agentId, name: agentName!, status: agentStatus!, connected_at: connectedAt }] : [],
  }));
}

function withoutWorkspace({ workspaceId: _, ...build }: BuildRow): Build {
  return build;
}
