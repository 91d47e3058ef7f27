/** Full text over the titles and messages of a person's chats. Reads only; the tables are filled by the daemon. */
import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import type { ChatFilter } from "@/lib/contract/chat-filter";
import type { SearchHit } from "@/lib/contract/chat-search";
import type { MessageRole } from "@/lib/contract/messages";
import { type ChatRow, chatColumns, chatJoins, toChat } from "./chat-rows";
import { chatConditions } from "./chats";

export type SearchChats = { ownerId: string; filter: ChatFilter; limit: number };

type HitRow = ChatRow & {
  message_id: number;
  role: MessageRole | null;
  said_at: string;
  headline: string;
};

/** Around the words in a headline; taken out of the text before. */
const START = "\ue000";
const END = "\ue001";
/** Titles first, but they must not crowd out what was said. */
const MAX_TITLES = 10;
const MAX_TEXT_CHARACTERS = 100_000;

/**
 * Hits of all words, newest first, titles before messages; an empty list without words. Plan: the GIN index on `words`,
 * in which the owner is a word too, then primary keys.
 */
export async function searchChats(db: Executor, { ownerId, filter, limit }: SearchChats): Promise<SearchHit[]> {
  if (filter.words.length === 0) return [];
  const matches = sql.join([sql`c.owner_id = ${ownerId}`, ...chatConditions({ ...filter, words: [] })], sql` AND `);
  const query = toQuery(filter.words);
  const owned = sql`${query} && (${`'owner:${ownerId}'`}::text)::tsquery`;
  const options = `StartSel=${START}, StopSel=${END}, MaxFragments=2, MaxWords=24, MinWords=8, FragmentDelimiter=" … "`;
  const rows = await db.execute<HitRow>(sql`
    WITH titles AS (
      SELECT s.chat_id, s.message_id FROM chat_search_documents s JOIN chats c ON c.id = s.chat_id
      WHERE s.words @@ (${owned}) AND s.message_id = 0 AND ${matches}
      ORDER BY c.updated_at DESC, c.id DESC LIMIT ${Math.min(limit, MAX_TITLES)}
    ), messages AS (
      SELECT s.chat_id, s.message_id FROM chat_search_documents s JOIN chats c ON c.id = s.chat_id
      JOIN chat_messages m ON m.chat_id = s.chat_id AND m.id = s.message_id AND NOT m.deleted
        AND m.visibility <> 'model'
      WHERE s.words @@ (${owned}) AND s.message_id > 0 AND ${matches}
      ORDER BY s.message_id DESC LIMIT ${limit}
    ), hits AS (SELECT * FROM titles UNION ALL SELECT * FROM messages)
    SELECT ${chatColumns}, hits.message_id, m.role, coalesce(m.created_at, c.created_at) AS said_at,
      ts_headline('english', translate(left(coalesce(CASE WHEN m.id IS NULL THEN c.title
        WHEN m.content_version = 0 THEN m.content #>> '{}' ELSE (
          SELECT string_agg(part ->> 'text', E'\n') FROM jsonb_array_elements(m.content) part
          WHERE part ->> 'type' = 'text') END, ''), ${MAX_TEXT_CHARACTERS}::int), ${START + END}::text, ''),
        ${query}, ${options}) AS headline
    FROM hits JOIN chats c ON c.id = hits.chat_id ${chatJoins}
    LEFT JOIN chat_messages m ON m.chat_id = hits.chat_id AND m.id = hits.message_id
    ORDER BY hits.message_id > 0, CASE WHEN hits.message_id = 0 THEN c.updated_at END DESC, hits.message_id DESC
    LIMIT ${limit}`);
  return rows.map(toHit);
}

/** Every word must be there; the last one may still be being typed. A quoted term is a phrase. */
function toQuery(words: readonly string[]): SQL {
  const terms = words.map((word, index) => {
    const isOpen = index === words.length - 1 && /^[\p{L}\p{N}]+$/u.test(word);
    const phrase = sql`phraseto_tsquery('english', ${word}::text)`;
    // A stop word alone has no lexeme, and "the" typed so far may become "theme".
    return isOpen ? sql`(${phrase} || to_tsquery('simple', ${`${word.toLowerCase()}:*`}::text))` : phrase;
  });
  return sql`(${sql.join(terms, sql` && `)})`;
}

function toHit(row: HitRow): SearchHit {
  const chat = toChat(row);
  const { id, title, status, pause_reason, archived, parent_chat_id, root_chat_id, updated_at, diff_status } = chat;
  return {
    chat: { id, title, status, pause_reason, archived, parent_chat_id, root_chat_id, updated_at, diff_status },
    message_id: row.message_id === 0 ? null : row.message_id,
    role: row.role,
    created_at: row.said_at,
    ...readHeadline(row.headline),
  };
}

/** Marked text as text and places. Pure. */
export function readHeadline(headline: string): Pick<SearchHit, "snippet" | "highlights"> {
  const highlights: SearchHit["highlights"] = [];
  let snippet = "";
  for (const [index, piece] of headline.split(START).entries()) {
    const end = index === 0 ? -1 : piece.indexOf(END);
    if (end > 0) highlights.push({ start: snippet.length, end: snippet.length + end });
    snippet += piece.replaceAll(END, "");
  }
  return { snippet, highlights };
}
