/** Reads of a chat's messages as people see them. Writes nothing; what the model sees is read elsewhere. */
import { sql } from "drizzle-orm";
import { type Database, type Executor, executePrepared } from "@/db/client";
import { readWireParts } from "@/db/content";
import type { Message } from "@/lib/contract/messages";
import { partsText } from "@/lib/contract/parts-text";
import { type MessageRow, messageColumns, toMessage, visibleToPerson } from "./message-rows";

export type ListMessages = {
  chatId: string;
  /** Empty unless the chat is this person's. */
  ownerId: string;
  beforeId?: number;
  afterId?: number;
  limit: number;
};

/**
 * One page of the rows visible to a person, newest first; with `afterId` alone oldest first.
 * A range of the primary key `(chat_id, id)`, read in its direction until the limit: the chat's length does not matter.
 */
export async function listMessages(
  db: Database,
  { chatId, ownerId, beforeId, afterId, limit }: ListMessages,
): Promise<{ messages: Message[]; hasMore: boolean }> {
  const oldestFirst = afterId !== undefined && beforeId === undefined;
  const rows = await executePrepared<MessageRow>(
    db,
    sql`SELECT ${messageColumns} FROM chat_messages m
    WHERE m.chat_id = ${chatId} AND ${visibleToPerson} AND ${isOwnedBy(ownerId, chatId)}
      ${beforeId === undefined ? sql`` : sql`AND m.id < ${beforeId}`}
      ${afterId === undefined ? sql`` : sql`AND m.id > ${afterId}`}
    ORDER BY m.id ${oldestFirst ? sql`ASC` : sql`DESC`} LIMIT ${limit + 1}`,
  );
  return { messages: rows.slice(0, limit).map(toMessage), hasMore: rows.length > limit };
}

/** One message that a person sees. */
export async function findMessage(
  db: Executor,
  options: { chatId: string; ownerId: string; messageId: number },
): Promise<Message | undefined> {
  const { chatId, ownerId, messageId } = options;
  const [row] = await db.execute<MessageRow>(sql`
    SELECT ${messageColumns} FROM chat_messages m
    WHERE m.chat_id = ${chatId} AND m.id = ${messageId} AND ${visibleToPerson} AND ${isOwnedBy(ownerId, chatId)}`);
  return row && toMessage(row);
}

/**
 * The version of the chat's rows: it rises when rows that were shown are taken back. Read it before the rows, so that
 * a change between the two is noticed. -1 unless the chat is this person's.
 */
export async function findResetVersion(
  db: Executor,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<number> {
  const [row] = await db.execute<{ reset_version: number }>(sql`
    SELECT r.reset_version FROM chat_runs r WHERE r.chat_id = ${chatId} AND ${isOwnedBy(ownerId, chatId)}`);
  return row ? Number(row.reset_version) : -1;
}

/** The texts that people sent to the chat, newest first. */
export async function listPrompts(
  db: Executor,
  { chatId, ownerId, limit }: { chatId: string; ownerId: string; limit: number },
): Promise<string[]> {
  const rows = await db.execute<{ content: unknown; content_version: number }>(sql`
    SELECT m.content, m.content_version FROM chat_messages m
    WHERE m.chat_id = ${chatId} AND m.role = 'user' AND m.created_by IS NOT NULL AND ${visibleToPerson}
      AND ${isOwnedBy(ownerId, chatId)}
    ORDER BY m.id DESC LIMIT ${limit}`);
  return rows.map((row) =>
    partsText(readWireParts({ role: "user", content: row.content, contentVersion: row.content_version })),
  );
}

/** Evaluated once per statement. */
const isOwnedBy = (ownerId: string, chatId: string) =>
  sql`EXISTS (SELECT FROM chats c WHERE c.id = ${chatId} AND c.owner_id = ${ownerId})`;
