/** Where a chat works and for whom: its workspace, its template's rules, its owner. Reads only. */
import type { SqlExecutor } from "@/db/client";
import type { ChatStatus } from "@/lib/contract/chats";
import type { BuildStatus, TemplateConfig } from "@/lib/contract/workspaces";

export type ChatPlace = {
  chatId: string;
  ownerId: string;
  rootChatId: string | null;
  title: string;
  status: ChatStatus;
  archived: boolean;
  ownerName: string;
  ownerEmail: string;
  /** Null: none yet, or it was deleted. */
  workspace: {
    id: string;
    repository: string | null;
    config: TemplateConfig;
    status: BuildStatus;
    error: string | null;
  } | null;
};

/** Undefined: not this owner's chat. Primary keys, and the newest build by its unique index. */
export async function findChatPlace(
  sql: SqlExecutor,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<ChatPlace | undefined> {
  const [row] = await sql<ChatPlace[]>`
    SELECT c.id AS "chatId", c.owner_id AS "ownerId", c.root_chat_id AS "rootChatId", c.title, c.status, c.archived,
      coalesce(nullif(u.name, ''), u.username) AS "ownerName", u.email AS "ownerEmail",
      CASE WHEN w.id IS NOT NULL THEN json_build_object('id', w.id, 'repository', w.repository, 'config', t.config,
        'status', b.status, 'error', b.error) END AS workspace
    FROM chats c JOIN users u ON u.id = c.owner_id
    LEFT JOIN workspaces w ON w.id = c.workspace_id AND w.deleted_at IS NULL
    LEFT JOIN templates t ON t.id = w.template_id
    LEFT JOIN LATERAL (
      SELECT status, error FROM workspace_builds WHERE workspace_id = w.id ORDER BY build_number DESC LIMIT 1) b ON true
    WHERE c.id = ${chatId} AND c.owner_id = ${ownerId}`;
  return row;
}

export type SharingChat = { id: string; title: string; status: ChatStatus };

/** Other live chats in the workspace, by title. Index on `workspace_id`. */
export async function listSharingChats(
  sql: SqlExecutor,
  { workspaceId, exceptTreeOf }: { workspaceId: string; exceptTreeOf: string },
): Promise<SharingChat[]> {
  return sql<SharingChat[]>`
    SELECT id, title, status FROM chats
    WHERE workspace_id = ${workspaceId} AND NOT archived AND id <> ${exceptTreeOf}
      AND root_chat_id IS DISTINCT FROM ${exceptTreeOf} ORDER BY title, id LIMIT 50`;
}
