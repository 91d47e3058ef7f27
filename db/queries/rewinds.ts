/** Snapshots of a chat's files by message, and the rewind that can be undone. Writes of a rewind run inside its transition. */
import type { SqlExecutor } from "@/db/client";
import type { ChatStatus } from "@/lib/contract/chats";

type InChat = { chatId: string };

/** A snapshot of a message that is no longer there stands for nothing. Primary keys, backwards from `upTo`. */
export async function findSnapshot(
  sql: SqlExecutor,
  { chatId, workspaceId, upTo = null }: InChat & { workspaceId: string; upTo?: number | null },
): Promise<{ commitId: string; messageId: number } | undefined> {
  const [row] = await sql<{ commitId: string; messageId: number }[]>`
    SELECT s.commit_id AS "commitId", s.message_id AS "messageId" FROM chat_snapshots s
    JOIN chat_messages m ON m.chat_id = s.chat_id AND m.id = s.message_id AND NOT m.deleted
    WHERE s.chat_id = ${chatId} AND s.workspace_id = ${workspaceId}
      AND (${upTo}::bigint IS NULL OR s.message_id <= ${upTo}::bigint)
    ORDER BY s.message_id DESC LIMIT 1`;
  return row;
}

export async function insertSnapshot(
  sql: SqlExecutor,
  { chatId, messageId, workspaceId, commitId }: InChat & { messageId: number; workspaceId: string; commitId: string },
): Promise<void> {
  await sql`
    INSERT INTO chat_snapshots (chat_id, message_id, workspace_id, commit_id)
    VALUES (${chatId}, ${messageId}, ${workspaceId}, ${commitId})
    ON CONFLICT (chat_id, message_id) DO UPDATE SET workspace_id = EXCLUDED.workspace_id,
      commit_id = EXCLUDED.commit_id, created_at = now()`;
}

/** Removes all but the newest; returns what is gone, and the chats of the workspace, whose snapshots stay. */
export async function trimSnapshots(
  sql: SqlExecutor,
  { chatId, workspaceId, keep }: InChat & { workspaceId: string; keep: number },
): Promise<{ droppedIds: number[]; chatIds: string[] }> {
  const [dropped, chats] = await Promise.all([
    sql<{ id: number }[]>`
      DELETE FROM chat_snapshots WHERE chat_id = ${chatId} AND message_id < (
        SELECT message_id FROM chat_snapshots WHERE chat_id = ${chatId}
        ORDER BY message_id DESC OFFSET ${keep - 1} LIMIT 1)
      RETURNING message_id AS id`,
    sql<{ id: string }[]>`SELECT id FROM chats WHERE workspace_id = ${workspaceId}`,
  ]);
  return { droppedIds: dropped.map(({ id }) => id), chatIds: chats.map(({ id }) => id) };
}

/** The last message that stays: the given one, with the results of its calls. Undefined: no live message that a person sees. */
export async function findCut(
  sql: SqlExecutor,
  { chatId, messageId }: InChat & { messageId: number },
): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    SELECT CASE WHEN m.role = 'assistant' AND n.role = 'tool' THEN n.id ELSE m.id END AS id FROM chat_messages m
    LEFT JOIN LATERAL (
      SELECT id, role FROM chat_messages
      WHERE chat_id = m.chat_id AND id > m.id AND NOT deleted ORDER BY id LIMIT 1) n ON true
    WHERE m.chat_id = ${chatId} AND m.id = ${messageId}::bigint AND NOT m.deleted AND m.visibility <> 'model'`;
  return row?.id;
}

/** Messages after the cut that a person sees. Primary-key range. */
export async function countAfter(sql: SqlExecutor, { chatId, cut }: InChat & { cut: number }): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM chat_messages
    WHERE chat_id = ${chatId} AND id > ${cut}::bigint AND NOT deleted AND visibility <> 'model'`;
  return row?.count ?? 0;
}

export type MovedMessages = { ids: number[]; visibleIds: number[] };
type MovedRow = { id: number; visibility: string };

const toMoved = (rows: readonly MovedRow[]): MovedMessages => {
  const sorted = [...rows].sort((a, b) => a.id - b.id);
  return {
    ids: sorted.map(({ id }) => id),
    visibleIds: sorted.filter(({ visibility }) => visibility !== "model").map(({ id }) => id),
  };
};

/** Marks everything after the cut deleted. Primary-key range. */
export async function deleteAfter(tx: SqlExecutor, { chatId, cut }: InChat & { cut: number }): Promise<MovedMessages> {
  return toMoved(
    await tx<MovedRow[]>`
      UPDATE chat_messages SET deleted = true WHERE chat_id = ${chatId} AND id > ${cut}::bigint AND NOT deleted
      RETURNING id, visibility`,
  );
}

export async function undeleteMessages(
  tx: SqlExecutor,
  { chatId, ids }: InChat & { ids: readonly number[] },
): Promise<MovedMessages> {
  return toMoved(
    await tx<MovedRow[]>`
      UPDATE chat_messages SET deleted = false WHERE chat_id = ${chatId} AND id = ANY(${[...ids]}::bigint[])
      RETURNING id, visibility`,
  );
}

export type SharingRun = { id: string; title: string; status: ChatStatus; pauseReason: string | null };

/**
 * Other chats of the workspace, held as they are until the transaction ends: none of them can begin to work. Those that
 * somebody is changing at this moment are left out; `count` says how many there are.
 */
export async function holdSharingChats(
  tx: SqlExecutor,
  { chatId, workspaceId }: InChat & { workspaceId: string },
): Promise<{ held: SharingRun[]; count: number }> {
  const held = await tx<SharingRun[]>`
    SELECT c.id, c.title, c.status, c.pause_reason AS "pauseReason" FROM chats c JOIN chat_runs r ON r.chat_id = c.id
    WHERE c.workspace_id = ${workspaceId} AND c.id <> ${chatId} ORDER BY c.id FOR SHARE OF r SKIP LOCKED`;
  const [row] = await tx<{ count: number }[]>`
    SELECT count(*)::int AS count FROM chats c JOIN chat_runs r ON r.chat_id = c.id
    WHERE c.workspace_id = ${workspaceId} AND c.id <> ${chatId}`;
  return { held, count: row?.count ?? 0 };
}

export type RewindRow = {
  messageId: number;
  deletedMessageIds: number[];
  historyVersion: number;
  workspaceId: string | null;
  commitId: string | null;
  restoreCommitId: string | null;
};

export async function findRewind(sql: SqlExecutor, { chatId }: InChat): Promise<RewindRow | undefined> {
  const [row] = await sql<RewindRow[]>`
    SELECT message_id AS "messageId", deleted_message_ids AS "deletedMessageIds", history_version AS "historyVersion",
      workspace_id AS "workspaceId", commit_id AS "commitId", restore_commit_id AS "restoreCommitId"
    FROM chat_rewinds WHERE chat_id = ${chatId}`;
  return row;
}

/** Replaces the one before. */
export async function upsertRewind(tx: SqlExecutor, { chatId, ...rewind }: InChat & RewindRow): Promise<void> {
  await tx`
    INSERT INTO chat_rewinds (chat_id, message_id, deleted_message_ids, history_version, workspace_id, commit_id,
      restore_commit_id)
    VALUES (${chatId}, ${rewind.messageId}, ${JSON.stringify(rewind.deletedMessageIds)}::text::jsonb,
      ${rewind.historyVersion}, ${rewind.workspaceId}, ${rewind.commitId}, ${rewind.restoreCommitId})
    ON CONFLICT (chat_id) DO UPDATE SET message_id = EXCLUDED.message_id,
      deleted_message_ids = EXCLUDED.deleted_message_ids, history_version = EXCLUDED.history_version,
      workspace_id = EXCLUDED.workspace_id, commit_id = EXCLUDED.commit_id,
      restore_commit_id = EXCLUDED.restore_commit_id, created_at = now()`;
}

export type PendingRestore = { chatId: string; historyVersion: number; restoreCommitId: string };

/** Oldest first. Partial index `chat_rewinds_to_restore`. */
export async function listPendingRestores(
  sql: SqlExecutor,
  { workspaceId }: { workspaceId: string },
): Promise<PendingRestore[]> {
  return sql<PendingRestore[]>`
    SELECT chat_id AS "chatId", history_version AS "historyVersion", restore_commit_id AS "restoreCommitId"
    FROM chat_rewinds WHERE workspace_id = ${workspaceId} AND restore_commit_id IS NOT NULL ORDER BY created_at`;
}

/** The files are as they should be, or cannot be any more. `beforeCommitId`: as they were before. */
export async function endRestore(
  sql: SqlExecutor,
  { chatId, historyVersion, beforeCommitId }: InChat & { historyVersion: number; beforeCommitId: string | null },
): Promise<void> {
  await sql`
    UPDATE chat_rewinds SET restore_commit_id = NULL, commit_id = ${beforeCommitId}
    WHERE chat_id = ${chatId} AND history_version = ${historyVersion}`;
}
