/** Archiving a family of chats: the locks and the one statement, called by `lib/chats/archive` alone; and whom that is still to be done for. */
import type { SqlExecutor } from "@/db/client";
import type { ChatStatus, PauseReason } from "@/lib/contract/chats";

export type FamilyMember = {
  id: string;
  ownerId: string;
  parentChatId: string | null;
  rootChatId: string | null;
  title: string;
  status: ChatStatus;
  pauseReason: PauseReason | null;
  archived: boolean;
};

const members = (tx: SqlExecutor, chatId: string) => tx`(
  SELECT id FROM chats WHERE id = ${chatId} OR root_chat_id = ${chatId})`;

/**
 * Locks every member's run, so that none can start, then the rows of root and members, so that no child can be born, and
 * the run of one that was born in between; then reads them. A run before its chat, as every transition does it: the other
 * way round each would wait for the other. Five statements in one round trip, each with a snapshot of its own. Empty when
 * the chat does not exist.
 */
export async function lockFamily(tx: SqlExecutor, { chatId }: { chatId: string }): Promise<FamilyMember[]> {
  const lockRuns = () => tx`
    SELECT 1 FROM chat_runs WHERE chat_id IN ${members(tx, chatId)} ORDER BY chat_id FOR UPDATE`;
  const [, , , , rows] = await Promise.all([
    lockRuns(),
    tx`SELECT 1 FROM chats WHERE id = (SELECT coalesce(root_chat_id, id) FROM chats WHERE id = ${chatId})
      FOR NO KEY UPDATE`,
    tx`SELECT 1 FROM chats WHERE id IN ${members(tx, chatId)} ORDER BY id FOR NO KEY UPDATE`,
    lockRuns(),
    tx<FamilyMember[]>`
      SELECT id, owner_id AS "ownerId", parent_chat_id AS "parentChatId", root_chat_id AS "rootChatId", title, status,
        pause_reason AS "pauseReason", archived
      FROM chats WHERE id = ${chatId} OR root_chat_id = ${chatId} ORDER BY created_at, id`,
  ]);
  return [...rows];
}

/** Archives or unarchives a chat and its whole tree: one statement by primary key and the index on `root_chat_id`. */
export async function updateArchived(
  tx: SqlExecutor,
  { chatId, archived }: { chatId: string; archived: boolean },
): Promise<void> {
  await tx`
    UPDATE chats SET archived = ${archived}, pin_order = CASE WHEN ${archived} THEN 0 ELSE pin_order END
    WHERE id = ${chatId} OR root_chat_id = ${chatId}`;
}

/** Whether the root of a child is archived. */
export async function isRootArchived(tx: SqlExecutor, { rootChatId }: { rootChatId: string }): Promise<boolean> {
  const [root] = await tx<{ archived: boolean }[]>`SELECT archived FROM chats WHERE id = ${rootChatId}`;
  return root?.archived ?? false;
}

export type UnarchivedChat = { chatId: string; isRoot: boolean; isBusy: boolean; hasQueue: boolean };

/** Some of a person's chats that are not archived, roots and children; empty when none is. By `chats_owner_id_updated_at_id`. */
export async function listUnarchivedChats(
  executor: SqlExecutor,
  { ownerId }: { ownerId: string },
): Promise<UnarchivedChat[]> {
  return executor<UnarchivedChat[]>`
    SELECT c.id AS "chatId", c.root_chat_id IS NULL AS "isRoot",
      c.status IN ('pending', 'running', 'paused') AS "isBusy",
      EXISTS (SELECT FROM chat_queued_messages q WHERE q.chat_id = c.id) AS "hasQueue"
    FROM chats c WHERE c.owner_id = ${ownerId} AND NOT c.archived ORDER BY "isBusy" DESC, c.id LIMIT 200`;
}
