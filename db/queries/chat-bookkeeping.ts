/**
 * Writes that are not transitions: title, labels, workspace, plan mode, spend limit, pins, read marks. The one exception to the rule
 * that `transition()` alone writes chats: single guarded statements that touch no status, message, queue or version and
 * never move `updated_at`. Called by `lib/chats` alone.
 */
import type { PendingQuery, Row } from "postgres";
import type { SqlExecutor } from "@/db/client";
import { toJsonb } from "@/db/json";

type Target = { chatId: string; ownerId: string };

export type ChatDetails = {
  title?: string;
  labels?: Record<string, string>;
  /** Null unbinds. */
  workspaceId?: string | null;
  planMode?: boolean;
  /** Null: no limit of its own. */
  spendLimitMicros?: number | null;
};

/** What decides about a change, and what its hint says. */
export type LockedDetails = { rootChatId: string | null; archived: boolean; pinOrder: number };

/** Locks the chat's row for a change that leaves its keys alone. Undefined: not this owner's chat. */
export async function lockChatDetails(
  sql: SqlExecutor,
  { chatId, ownerId }: Target,
): Promise<LockedDetails | undefined> {
  const [chat] = await sql<LockedDetails[]>`
    SELECT root_chat_id AS "rootChatId", archived, pin_order AS "pinOrder"
    FROM chats WHERE id = ${chatId} AND owner_id = ${ownerId} FOR NO KEY UPDATE`;
  return chat;
}

/** Sets what is given; a given title is the person's own from now on. */
export async function updateChatDetails(
  sql: SqlExecutor,
  { chatId, ownerId, title, labels, workspaceId, planMode, spendLimitMicros }: Target & ChatDetails,
): Promise<void> {
  const newTitle = title ?? null;
  await sql`
    UPDATE chats SET
      title = coalesce(${newTitle}::text, title),
      title_source = CASE WHEN ${newTitle}::text IS NULL THEN title_source ELSE 'user' END,
      labels = coalesce(${labels ? toJsonb(labels) : null}::text::jsonb, labels),
      workspace_id = CASE WHEN ${workspaceId !== undefined} THEN ${workspaceId ?? null}::uuid ELSE workspace_id END,
      plan_mode = coalesce(${planMode ?? null}::boolean, plan_mode),
      spend_limit_micros = CASE WHEN ${spendLimitMicros !== undefined} THEN ${spendLimitMicros ?? null}::bigint
        ELSE spend_limit_micros END
    WHERE id = ${chatId} AND owner_id = ${ownerId}`;
}

/** The pinned chats of a person in order, locked against other changes of the order until the transaction ends. */
export async function lockPins(sql: SqlExecutor, { ownerId }: { ownerId: string }): Promise<string[]> {
  const [, pins] = await Promise.all([
    sql`SELECT 1 FROM users WHERE id = ${ownerId} FOR NO KEY UPDATE`,
    sql<{ id: string }[]>`
      SELECT id FROM chats WHERE owner_id = ${ownerId} AND pin_order > 0 ORDER BY pin_order, updated_at DESC, id DESC`,
  ]);
  return pins.map((pin) => pin.id);
}

/** Numbers the given chats from 1, and unpins `unpinnedId`. Rows that keep their place are not rewritten. */
export async function updatePins(
  sql: SqlExecutor,
  { ownerId, chatIds, unpinnedId }: { ownerId: string; chatIds: string[]; unpinnedId: string | null },
): Promise<void> {
  await sql`
    UPDATE chats c SET pin_order = wanted.place
    FROM (
      SELECT id, place::int FROM unnest(${chatIds}::uuid[]) WITH ORDINALITY AS pinned (id, place)
      UNION ALL SELECT ${unpinnedId}::uuid, 0
    ) wanted
    WHERE c.id = wanted.id AND c.owner_id = ${ownerId} AND c.pin_order <> wanted.place`;
}

/** Everything so far is read. Undefined: not this owner's chat; `changed` is false when it was read already. */
export async function markChatRead(
  sql: SqlExecutor,
  { chatId, ownerId }: Target,
): Promise<{ rootChatId: string | null; changed: boolean } | undefined> {
  return moveReadMark(sql, {
    chatId,
    ownerId,
    mark: sql`SELECT max(id) AS mark FROM chat_messages WHERE chat_id = ${chatId}`,
  });
}

/** The last answer is unread again; nothing changes in a chat without one. */
export async function markChatUnread(
  sql: SqlExecutor,
  { chatId, ownerId }: Target,
): Promise<{ rootChatId: string | null; changed: boolean } | undefined> {
  const mark = sql`
    SELECT max(id) - 1 AS mark FROM chat_messages
    WHERE chat_id = ${chatId} AND role = 'assistant' AND visibility <> 'model' AND NOT compressed AND NOT deleted`;
  return moveReadMark(sql, { chatId, ownerId, mark });
}

async function moveReadMark(
  sql: SqlExecutor,
  { chatId, ownerId, mark }: Target & { mark: PendingQuery<Row[]> },
): Promise<{ rootChatId: string | null; changed: boolean } | undefined> {
  const [row] = await sql<{ rootChatId: string | null; changed: boolean }[]>`
    WITH latest AS (${mark}), moved AS (
      UPDATE chats SET last_read_message_id = latest.mark FROM latest
      WHERE chats.id = ${chatId} AND owner_id = ${ownerId} AND last_read_message_id <> latest.mark
      RETURNING chats.id
    )
    SELECT root_chat_id AS "rootChatId", EXISTS (SELECT FROM moved) AS changed
    FROM chats WHERE id = ${chatId} AND owner_id = ${ownerId}`;
  return row;
}
