/** Reads of chats for their owner. Writes nothing: transitions are `lib/chats`, bookkeeping is `chat-bookkeeping`. */
import { type SQL, sql } from "drizzle-orm";
import { type Database, executePrepared } from "@/db/client";
import type { ChatFilter } from "@/lib/contract/chat-filter";
import type { Chat } from "@/lib/contract/chats";
import { type ChatRow, chatColumns, chatJoins, hasUnread, toChat } from "./chat-rows";

export type ListChats = {
  ownerId: string;
  limit: number;
  offset?: number;
  /** The last chat of the page before. */
  afterId?: string;
  /** Undefined: both kinds. */
  archived?: boolean;
  filter?: ChatFilter;
};

/** Newest subagents shown under a root; a root that made more keeps them, out of the list. */
const MAX_CHILDREN = 200;

/** Rows a branch reads: two steps instead of the limit itself, which is at most the last, so that few texts are prepared. */
const REACHES = [50, 200];

/**
 * One page of the owner's roots with their children: pinned ones by `pin_order`, then `updated_at` and `id` descending.
 * An `afterId` that is no root of the owner gives an empty page (`isRootOf` tells the two apart).
 */
export async function listChats(db: Database, options: ListChats): Promise<Chat[]> {
  const statement = listChatsSql(options);
  // A filter makes a text of its own; it is planned for its values, and not kept.
  return assemble(
    await (options.filter ? db.execute<MemberRow>(statement) : executePrepared<MemberRow>(db, statement)),
  );
}

/**
 * The statement of `listChats`, apart for its plan test. Two branches, each an index scan that stops at its limit:
 * `chats_owner_id_pinned` (an incremental sort settles equal pin orders) and `chats_owner_id_updated_at_id`
 * (backwards in time from the cursor's tuple, which is looked up here: a time that left the database lost nothing
 * by way of JavaScript). Children, read marks and pull requests are probes per row of the page.
 */
export function listChatsSql(options: ListChats): SQL {
  const { ownerId, limit, offset = 0, afterId, archived } = options;
  const matches = sql.join(
    [
      sql`c.owner_id = ${ownerId}`,
      sql`c.root_chat_id IS NULL`,
      ...archivedIs(archived),
      ...chatConditions(options.filter),
    ],
    sql` AND `,
  );
  // A pinned cursor lies before every chat that is not pinned; one that is not pinned lies after every pinned chat.
  const bound = sql`bound AS MATERIALIZED (
    SELECT c.id, c.updated_at,
      CASE WHEN c.pin_order > 0 THEN c.pin_order ELSE 2147483647 END AS pin_order,
      CASE WHEN c.pin_order > 0 THEN 'infinity' ELSE c.updated_at END AS recent_before
    FROM chats c WHERE c.id = ${afterId ?? null}::uuid AND c.owner_id = ${ownerId} AND c.root_chat_id IS NULL
  ), `;
  const afterPinned = sql`AND c.pin_order >= (SELECT pin_order FROM bound) AND (
    c.pin_order > (SELECT pin_order FROM bound) OR (c.updated_at, c.id) < (SELECT updated_at, id FROM bound))`;
  const afterRecent = sql`AND (c.updated_at, c.id) < (SELECT recent_before, id FROM bound)`;
  // Written out, because the plan that is kept must know that a branch ends soon.
  const reach = sql.raw(String(REACHES.find((rows) => rows >= limit)));
  const pinned = sql`FROM chats c WHERE c.pin_order > 0 AND ${matches} ${afterId ? afterPinned : sql``}`;
  const skipPinned = offset > 0 ? sql`OFFSET ${offset}` : sql``;
  const skipRecent = offset > 0 ? sql`OFFSET greatest(0, ${offset} - (SELECT count(*) ${pinned}))` : sql``;
  const page = sql`${afterId ? bound : sql``} page AS MATERIALIZED (
    SELECT branches.*,
      row_number() OVER (ORDER BY pin_order = 0, pin_order, updated_at DESC, branches.id DESC) AS position
    FROM (
      (SELECT c.* ${pinned} ORDER BY c.pin_order, c.updated_at DESC, c.id DESC LIMIT ${reach} ${skipPinned})
      UNION ALL
      (SELECT c.* FROM chats c WHERE c.pin_order = 0 AND ${matches} ${afterId ? afterRecent : sql``}
       ORDER BY c.updated_at DESC, c.id DESC LIMIT ${reach} ${skipRecent})
    ) branches
    ORDER BY position LIMIT ${limit}
  )`;
  return membersOf(page, archived);
}

/** One chat of this owner, with its children (archived ones too). */
export async function findChat(db: Database, options: { chatId: string; ownerId: string }): Promise<Chat | undefined> {
  const [chat] = await findChats(db, { chatIds: [options.chatId], ownerId: options.ownerId });
  return chat;
}

/**
 * The given chats as far as they are this owner's, with their children (archived ones too), in the order given. Hot:
 * twice a turn for whoever has the list open. Planned once a connection, 0.5 ms of CPU instead of 3: one text for any
 * number of chats, and the planner sees no values, for which it would plan again.
 */
export async function findChats(db: Database, options: { chatIds: string[]; ownerId: string }): Promise<Chat[]> {
  if (options.chatIds.length === 0) return [];
  const page = sql`page AS MATERIALIZED (
    SELECT c.*, wanted.position
    FROM unnest((SELECT ${sql.param(options.chatIds)}::uuid[])) WITH ORDINALITY AS wanted (id, position)
    JOIN chats c ON c.id = wanted.id AND c.owner_id = (SELECT ${options.ownerId}::uuid)
  )`;
  return assemble(await executePrepared<MemberRow>(db, membersOf(page, undefined)));
}

/** Whether the chat exists and is this owner's. */
export async function isChatOf(db: Database, options: { chatId: string; ownerId: string }): Promise<boolean> {
  const rows = await executePrepared(
    db,
    sql`SELECT FROM chats WHERE id = ${options.chatId}::uuid AND owner_id = ${options.ownerId}`,
  );
  return rows.length > 0;
}

/** Whether the chat is a root of this owner: what a cursor must be. */
export async function isRootOf(db: Database, options: { chatId: string; ownerId: string }): Promise<boolean> {
  const rows = await db.execute(
    sql`SELECT FROM chats WHERE id = ${options.chatId}::uuid AND owner_id = ${options.ownerId} AND root_chat_id IS NULL`,
  );
  return rows.length > 0;
}

type MemberRow = ChatRow & { listed_id: string };

/** The chats of a `page` (columns of `chats`, then `position`), each followed by its children in order of creation. */
function membersOf(page: SQL, archived: boolean | undefined): SQL {
  const childMatches = sql.join([sql`c.root_chat_id = page.id`, ...archivedIs(archived)], sql` AND `);
  return sql`WITH ${page}, member AS MATERIALIZED (
    SELECT page.*, page.id AS listed_id FROM page
    UNION ALL
    SELECT child.*, page.position, page.id FROM page CROSS JOIN LATERAL (
      SELECT c.* FROM chats c WHERE ${childMatches} ORDER BY c.created_at DESC, c.id DESC LIMIT ${MAX_CHILDREN}
    ) child
  )
  SELECT ${chatColumns}, c.listed_id FROM member c ${chatJoins}
  ORDER BY c.position, c.id <> c.listed_id, c.created_at, c.id`;
}

function assemble(rows: Iterable<MemberRow>): Chat[] {
  const listed = new Map<string, Chat>();
  for (const { listed_id: listedId, ...row } of rows) {
    const chat = toChat(row);
    const parent = listed.get(listedId);
    if (parent) parent.children.push(chat);
    else listed.set(chat.id, chat);
  }
  return [...listed.values()];
}

const archivedIs = (archived: boolean | undefined): SQL[] =>
  archived === undefined ? [] : [archived ? sql`c.archived` : sql`NOT c.archived`];

export function chatConditions(filter: ChatFilter | undefined): SQL[] {
  if (!filter) return [];
  const titles = [...filter.titles, ...filter.words];
  const all: SQL[] = titles.map((text) => sql`strpos(lower(c.title), lower(${text}::text)) > 0`);
  if (filter.statuses.length > 0) all.push(sql`c.status IN ${filter.statuses}`);
  if (filter.hasUnread !== null) all.push(sql`${hasUnread} = ${filter.hasUnread}::boolean`);
  if (filter.prStatuses.length > 0) all.push(sql`${prStatus} IN ${filter.prStatuses}`);
  for (const { key, value } of filter.labels) {
    all.push(
      value === null
        ? sql`jsonb_exists(c.labels, ${key}::text)`
        : sql`c.labels @> jsonb_build_object(${key}::text, ${value}::text)`,
    );
  }
  for (const text of filter.repositories) {
    all.push(sql`(strpos(lower(coalesce(c.repository, '')), lower(${text}::text)) > 0 OR EXISTS (
      SELECT FROM chat_diff_statuses d
      WHERE d.chat_id = c.id AND strpos(lower(d.git_remote_origin || ' ' || coalesce(d.url, '')), lower(${text}::text)) > 0
    ))`);
  }
  return all;
}

const prStatus = sql`coalesce((
  SELECT CASE WHEN d.pull_request_state = 'open' AND d.pull_request_draft THEN 'draft' ELSE d.pull_request_state END
  FROM chat_diff_statuses d WHERE d.chat_id = c.id
), 'none')`;
