/**
 * Titles and turn summaries that a model gives: what they are made from, and their guarded writes. Bookkeeping:
 * `updated_at` never moves, and nothing that a person wrote is overwritten unasked.
 */
import type { SqlExecutor } from "@/db/client";
import { readStoredContent } from "@/db/content";
import type { MessageRole } from "@/lib/contract/messages";
import { partsText } from "@/lib/contract/parts-text";
import type { TITLE_SOURCES } from "../schema/chats";

export type TitleSource = (typeof TITLE_SOURCES)[number];

export type TitleFacts = {
  title: string;
  titleSource: TitleSource;
  rootChatId: string | null;
  modelConfigId: string | null;
  /** The text of the first message; null: there is none. */
  first: string | null;
  /** Of the last messages and answers, oldest first. */
  lately: string[];
};

type ContentRow = { role: MessageRole; content: unknown; contentVersion: number };

const toText = (row: ContentRow): string => partsText(readStoredContent(row)).trim();

/** Messages and answers of three turns, the newest. */
const LATELY = 6;

/** Undefined: not this owner's chat. Primary-key ranges from both ends. */
export async function findTitleFacts(
  sql: SqlExecutor,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<TitleFacts | undefined> {
  const [chat] = await sql<Omit<TitleFacts, "first" | "lately">[]>`
    SELECT title, title_source AS "titleSource", root_chat_id AS "rootChatId", last_model_config_id AS "modelConfigId"
    FROM chats WHERE id = ${chatId} AND owner_id = ${ownerId}`;
  if (!chat) return undefined;
  const [[first], lately] = await Promise.all([
    sql<ContentRow[]>`
      SELECT role, content, content_version AS "contentVersion" FROM chat_messages
      WHERE chat_id = ${chatId} AND role = 'user' AND NOT compressed AND NOT deleted ORDER BY id LIMIT 1`,
    sql<ContentRow[]>`
      SELECT role, content, content_version AS "contentVersion" FROM chat_messages
      WHERE chat_id = ${chatId} AND role IN ('user', 'assistant') AND NOT compressed AND NOT deleted
        AND visibility <> 'model'
      ORDER BY id DESC LIMIT ${LATELY}`,
  ]);
  return {
    ...chat,
    first: first ? toText(first) : null,
    lately: lately
      .toReversed()
      .map(toText)
      .filter((text) => text !== ""),
  };
}

/** Writes the title if `over` still stands. False: somebody else was first. */
export async function updateGeneratedTitle(
  sql: SqlExecutor,
  { chatId, title, over }: { chatId: string; title: string; over: { title: string; source: TitleSource } },
): Promise<boolean> {
  const written = await sql`
    UPDATE chats SET title = ${title}, title_source = 'generated'
    WHERE id = ${chatId} AND title = ${over.title} AND title_source = ${over.source} RETURNING 1`;
  return written.length > 0;
}

export type FinishedTurn = {
  historyVersion: number;
  modelConfigId: string | null;
  /** What the turn was about, and its last answer. */
  question: string;
  answer: string;
};

/** The turn that the chat ended with, if it is idle and has not moved since; undefined otherwise. */
export async function findFinishedTurn(
  sql: SqlExecutor,
  { chatId }: { chatId: string },
): Promise<FinishedTurn | undefined> {
  const [row] = await sql<
    { historyVersion: number; modelConfigId: string | null; question: ContentRow | null; answer: ContentRow | null }[]
  >`
    SELECT r.history_version AS "historyVersion", c.last_model_config_id AS "modelConfigId",
      (SELECT json_build_object('role', m.role, 'content', m.content, 'contentVersion', m.content_version)
       FROM chat_messages m WHERE m.chat_id = c.id AND m.role = 'user' AND NOT m.compressed AND NOT m.deleted
       ORDER BY m.id DESC LIMIT 1) AS question,
      (SELECT json_build_object('role', m.role, 'content', m.content, 'contentVersion', m.content_version)
       FROM chat_messages m WHERE m.chat_id = c.id AND m.role = 'assistant' AND NOT m.compressed AND NOT m.deleted
       ORDER BY m.id DESC LIMIT 1) AS answer
    FROM chats c JOIN chat_runs r ON r.chat_id = c.id
    WHERE c.id = ${chatId} AND c.status IN ('waiting', 'completed')`;
  if (!row?.answer) return undefined;
  const { historyVersion, modelConfigId, question, answer } = row;
  return { historyVersion, modelConfigId, question: question ? toText(question) : "", answer: toText(answer) };
}

/** Writes the summary unless the history has moved on. False: it has. */
export async function updateTurnSummary(
  sql: SqlExecutor,
  { chatId, summary, historyVersion }: { chatId: string; summary: string; historyVersion: number },
): Promise<boolean> {
  const written = await sql`
    UPDATE chats c SET last_turn_summary = ${summary} FROM chat_runs r
    WHERE c.id = ${chatId} AND r.chat_id = c.id AND r.history_version = ${historyVersion} RETURNING 1`;
  return written.length > 0;
}
