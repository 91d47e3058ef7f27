/** Everybody's workspaces, for administrators: owner, state, use. Never what is in them: no repository, log or error. */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { workspaces } from "@/db/schema";
import type { AdministeredWorkspace } from "@/lib/contract/workspaces";

/** The live ones, newest first. Two index look-ups a row: `workspace_builds_number` backwards, `chats_workspace_id`. */
export async function listAdministeredWorkspaces(
  executor: Executor,
  { limit, offset }: { limit: number; offset: number },
): Promise<AdministeredWorkspace[]> {
  return executor.execute<AdministeredWorkspace>(
    sql`SELECT w.id, w.name, w.owner_id, u.username AS owner_username, w.template_id, t.name AS template_name, b.status,
      w.created_at, used.last_used_at, used.chat_count, used.active_chat_count
    FROM (
      SELECT * FROM workspaces WHERE deleted_at IS NULL ORDER BY created_at DESC, id LIMIT ${limit} OFFSET ${offset}
    ) AS w
    JOIN users u ON u.id = w.owner_id
    JOIN templates t ON t.id = w.template_id
    CROSS JOIN LATERAL (
      SELECT status FROM workspace_builds WHERE workspace_id = w.id ORDER BY build_number DESC LIMIT 1
    ) AS b
    CROSS JOIN LATERAL (
      SELECT max(c.updated_at) AS last_used_at, count(*)::int AS chat_count,
        (count(*) FILTER (WHERE c.status IN ('pending', 'running', 'interrupting')))::int AS active_chat_count
      FROM chats c WHERE c.workspace_id = w.id
    ) AS used
    ORDER BY w.created_at DESC, w.id`,
  );
}

/** Undefined when unknown or deleted. */
export async function findWorkspaceOwner(executor: Executor, { id }: { id: string }): Promise<string | undefined> {
  const [row] = await executor
    .select({ ownerId: workspaces.ownerId })
    .from(workspaces)
    .where(and(eq(workspaces.id, id), isNull(workspaces.deletedAt)));
  return row?.ownerId;
}
