/** Fills what full-text search reads, behind the messages. Reads chats and messages; writes the search tables alone. */
import type { SqlExecutor } from "@/db/client";

/** Rows of one chat in one statement: a chat of thousands is filled in several, so that none holds memory or locks for long. */
const ROWS_PER_CHAT = 200;
/** Of one message. More than anybody writes; a tsvector may not exceed 1 MB. */
const MAX_TEXT_CHARACTERS = 100_000;

/** The text of `chat_messages m`; of a launch-era row its content as it stands. */
const messageText = (sql: SqlExecutor) => sql`
  left(CASE WHEN m.content_version = 0 THEN m.content #>> '{}' ELSE (
    SELECT string_agg(part ->> 'text', E'\n') FROM jsonb_array_elements(m.content) part WHERE part ->> 'type' = 'text'
  ) END, ${MAX_TEXT_CHARACTERS}::int)`;

/**
 * Brings the chats up to date with their titles and messages, as of one snapshot; returns those that have more.
 * Ranges of the primary key `(chat_id, id)`. Two processes may do the same at once: the older snapshot changes nothing.
 */
export async function fillSearch(sql: SqlExecutor, { chatIds }: { chatIds: string[] }): Promise<string[]> {
  const rows = await sql<{ chatId: string }[]>`
    WITH due AS MATERIALIZED (
      SELECT c.id, c.owner_id, c.title, k.title AS known_title, r.history_version,
        coalesce(k.message_id, 0) AS after_id, coalesce(k.history_version, -1) AS known_version
      FROM unnest(${chatIds}::uuid[]) AS given (id)
      JOIN chats c ON c.id = given.id JOIN chat_runs r ON r.chat_id = c.id
      LEFT JOIN chat_search_marks k ON k.chat_id = c.id
      WHERE k.chat_id IS NULL OR k.history_version < r.history_version OR k.title <> c.title
    ), found AS MATERIALIZED (
      SELECT due.id AS chat_id, due.owner_id, m.id, m.text FROM due, LATERAL (
        SELECT m.id, ${messageText(sql)} AS text FROM chat_messages m
        WHERE m.chat_id = due.id AND m.id > due.after_id AND m.role IN ('user', 'assistant')
          AND m.visibility <> 'model' AND NOT m.deleted
        ORDER BY m.id LIMIT ${ROWS_PER_CHAT}) m
    ), reached AS (
      SELECT due.*, coalesce(max(found.id), due.after_id) AS message_id, count(found.id) = ${ROWS_PER_CHAT} AS has_more
      FROM due LEFT JOIN found ON found.chat_id = due.id
      GROUP BY due.id, due.owner_id, due.title, due.known_title, due.history_version, due.after_id, due.known_version
    ), documents AS (
      INSERT INTO chat_search_documents AS d (chat_id, message_id, words)
      SELECT chat_id, message_id, to_tsvector('english', text) || array_to_tsvector(ARRAY['owner:' || owner_id]) FROM (
        SELECT chat_id, owner_id, id AS message_id, text FROM found WHERE text <> ''
        UNION ALL SELECT id, owner_id, 0, title FROM due WHERE known_title IS DISTINCT FROM title
        ORDER BY 1, 3) AS texts
      ON CONFLICT (chat_id, message_id) DO UPDATE SET words = excluded.words WHERE d.message_id = 0
    ), marks AS (
      INSERT INTO chat_search_marks AS k (chat_id, history_version, message_id, title)
      SELECT id, CASE WHEN has_more THEN known_version ELSE history_version END, message_id, title
      FROM reached ORDER BY id
      ON CONFLICT (chat_id) DO UPDATE SET history_version = excluded.history_version,
        message_id = excluded.message_id, title = excluded.title
      WHERE k.history_version <= excluded.history_version AND k.message_id <= excluded.message_id
    )
    SELECT id AS "chatId" FROM reached WHERE has_more`;
  return rows.map(({ chatId }) => chatId);
}

/** One leg of a walk over all chats in the order of their ids: those that are behind, and where the next leg begins. */
export async function findUnfilled(
  sql: SqlExecutor,
  { afterId, limit }: { afterId: string; limit: number },
): Promise<{ chatIds: string[]; lastId: string | null }> {
  const [row] = await sql<{ chatIds: string[]; lastId: string | null }[]>`
    WITH leg AS (
      SELECT r.chat_id, r.history_version, c.title FROM chat_runs r JOIN chats c ON c.id = r.chat_id
      WHERE r.chat_id > ${afterId}::uuid ORDER BY r.chat_id LIMIT ${limit}
    )
    SELECT coalesce(array_agg(leg.chat_id) FILTER (
        WHERE k.chat_id IS NULL OR k.history_version < leg.history_version OR k.title <> leg.title), '{}') AS "chatIds",
      CASE WHEN count(*) = ${limit} THEN max(leg.chat_id::text) END AS "lastId"
    FROM leg LEFT JOIN chat_search_marks k ON k.chat_id = leg.chat_id`;
  return row ?? { chatIds: [], lastId: null };
}
