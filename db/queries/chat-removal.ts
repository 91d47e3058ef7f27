/** Taking messages of a chat back. Called inside a transition alone, under the run's lock. Rows stay: their cost counts. */
import type { SqlExecutor } from "@/db/client";

/** A live message that a person sees; undefined when this chat has none of this id. Primary key. */
export async function findEditableMessage(
  tx: SqlExecutor,
  { chatId, messageId }: { chatId: string; messageId: number },
): Promise<{ isOfPerson: boolean } | undefined> {
  const [row] = await tx<{ isOfPerson: boolean }[]>`
    SELECT role = 'user' AND created_by IS NOT NULL AS "isOfPerson" FROM chat_messages
    WHERE chat_id = ${chatId} AND id = ${messageId}::bigint AND NOT deleted AND visibility <> 'model'`;
  return row;
}

/**
 * Marks the newest boundary deleted, with what people see of it; returns whether there was one. By the partial index of
 * boundaries, then a primary-key range.
 */
export async function deleteNewestBoundary(tx: SqlExecutor, { chatId }: { chatId: string }): Promise<boolean> {
  const rows = await tx`
    UPDATE chat_messages SET deleted = true
    WHERE chat_id = ${chatId} AND compressed AND NOT deleted AND id >= (
      SELECT id FROM chat_messages
      WHERE chat_id = ${chatId} AND compressed AND visibility = 'model' AND NOT deleted ORDER BY id DESC LIMIT 1)`;
  return rows.count > 0;
}

/**
 * Marks a message and everything after it deleted; returns the ids of those that a person saw, in order. A summary
 * among them goes too, so that what it stood for is before the model again. Primary-key range.
 */
export async function deleteMessagesFrom(
  tx: SqlExecutor,
  { chatId, messageId }: { chatId: string; messageId: number },
): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    WITH gone AS (
      UPDATE chat_messages SET deleted = true
      WHERE chat_id = ${chatId} AND id >= ${messageId}::bigint AND NOT deleted
      RETURNING id, visibility
    ) SELECT id FROM gone WHERE visibility <> 'model' ORDER BY id`;
  return rows.map(({ id }) => id);
}
