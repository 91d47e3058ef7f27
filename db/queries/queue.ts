/** Reads of a chat's queue in its order. Writes nothing: the queue changes in transitions only. */
import { sql } from "drizzle-orm";
import { type Database, executePrepared } from "@/db/client";
import type { QueuedMessage } from "@/lib/contract/messages";
import { type QueuedMessageRow, queuedMessageColumns, toQueuedMessage } from "./message-rows";

/** The whole queue of a chat, its head first; empty unless the chat is this person's. At most 20 rows by the queue's own limit. */
export async function listQueuedMessages(
  db: Database,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<QueuedMessage[]> {
  const rows = await executePrepared<QueuedMessageRow>(
    db,
    sql`SELECT ${queuedMessageColumns} FROM chat_queued_messages q
    WHERE q.chat_id = ${chatId} AND EXISTS (SELECT FROM chats c WHERE c.id = ${chatId} AND c.owner_id = ${ownerId})
    ORDER BY q.position, q.id`,
  );
  return rows.map(toQueuedMessage);
}
