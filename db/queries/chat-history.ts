/** Rows of a chat as the agent needs them: stored parts in id order. Reads only. */
import type { SqlExecutor } from "@/db/client";
import type { MessageRole, StoredPart } from "@/lib/contract/messages";
import { readStoredContent } from "../content";

export type HistoryRow = {
  id: number;
  role: MessageRole;
  parts: StoredPart[];
  modelConfigId: string | null;
  /** Of an answer: what its call read and wrote, in tokens; null when the provider did not say. */
  tokensAfter: number | null;
  /** It stands for everything before it. */
  isSummary: boolean;
};

type Row = Omit<HistoryRow, "parts"> & { content: unknown; contentVersion: number };

const toHistoryRow = ({ content, contentVersion, ...row }: Row): HistoryRow => ({
  ...row,
  parts: readStoredContent({ role: row.role, content, contentVersion }),
});

/** Of `chat_messages m`. */
const columns = (sql: SqlExecutor) => sql`
  m.id, m.role, m.content, m.content_version AS "contentVersion", m.model_config_id AS "modelConfigId",
  m.input_tokens + coalesce(m.cache_read_tokens, 0) + coalesce(m.cache_creation_tokens, 0)
    + coalesce(m.output_tokens, 0) AS "tokensAfter", m.compressed AS "isSummary"`;

/** The last live answer and what follows it; a compaction is none. Primary-key range from its end. */
export async function listRowsAfterLastAnswer(sql: SqlExecutor, { chatId }: { chatId: string }): Promise<HistoryRow[]> {
  const rows = await sql<Row[]>`
    SELECT ${columns(sql)} FROM chat_messages m
    WHERE m.chat_id = ${chatId} AND NOT m.deleted AND NOT m.compressed AND m.id >= (
      SELECT id FROM chat_messages
      WHERE chat_id = ${chatId} AND role = 'assistant' AND NOT deleted AND NOT compressed ORDER BY id DESC LIMIT 1)
    ORDER BY m.id`;
  return rows.map(toHistoryRow);
}

/** Rows of a prompt that were read before, and the reset version that the chat had then or earlier. */
export type KnownPrompt = { rows: readonly HistoryRow[]; resetVersion: number };

/** 0 without rows. */
export function newestRowId(rows: readonly HistoryRow[]): number {
  let newest = 0;
  for (const { id } of rows) if (id > newest) newest = id;
  return newest;
}

type Answer = { isWhole: boolean; runnerId: string | null; rows: Row[] | null };

export type Prompt = {
  rows: HistoryRow[];
  /** Whose run the chat was when it was read: what is newer than another's work is not for that one. */
  runnerId: string | null;
};

/**
 * The prompt: every uncompressed system row, the newest summary (compressed, for the model alone), the unanswered
 * messages that it names, and all live, uncompressed rows for the model after it, in this order. With `known` only what
 * is newer is read and put behind it, unless rows were removed or put back since (`reset_version`), or a summary was
 * made that is not among them: then all of it. What a summary replaced is not read: the boundary is found by its
 * partial index, each branch is a range or a lookup of the primary key `(chat_id, id)`, and system rows have an index.
 * They come as one JSON text: the driver takes longer for a thousand rows than PostgreSQL and `JSON.parse` together.
 * Sent when it is called.
 */
export async function readPrompt(
  sql: SqlExecutor,
  { chatId, known }: { chatId: string; known?: KnownPrompt | undefined },
): Promise<Prompt> {
  const knownId = known ? newestRowId(known.rows) : 0;
  const [found] = await sql<Answer[]>`
    WITH boundary AS MATERIALIZED (
      SELECT id, replayed_message_ids FROM chat_messages
      WHERE chat_id = ${chatId} AND compressed AND visibility = 'model' AND NOT deleted ORDER BY id DESC LIMIT 1
    ), floor AS MATERIALIZED (
      SELECT runner_id, CASE WHEN reset_version = ${known?.resetVersion ?? -1}::bigint
        AND NOT EXISTS (SELECT FROM boundary WHERE id > ${knownId}::bigint) THEN ${knownId}::bigint ELSE 0 END AS id
      FROM chat_runs WHERE chat_id = ${chatId}
    )
    SELECT (SELECT id FROM floor) = 0 AS "isWhole", (SELECT runner_id FROM floor) AS "runnerId",
      json_agg(p ORDER BY place, id) AS rows FROM (
      SELECT ${columns(sql)}, 0 AS place FROM chat_messages m
      WHERE m.chat_id = ${chatId} AND m.id > (SELECT id FROM floor) AND m.role = 'system' AND m.visibility <> 'user'
        AND NOT m.compressed AND NOT m.deleted
      UNION ALL
      SELECT ${columns(sql)}, 1 FROM chat_messages m
      WHERE m.chat_id = ${chatId} AND m.id = (SELECT id FROM boundary) AND (SELECT id FROM floor) = 0
      UNION ALL
      SELECT ${columns(sql)}, 2 FROM chat_messages m
      WHERE m.chat_id = ${chatId} AND m.id = ANY((SELECT replayed_message_ids FROM boundary)::bigint[]) AND NOT m.deleted
        AND (SELECT id FROM floor) = 0
      UNION ALL
      SELECT ${columns(sql)}, 3 FROM chat_messages m
      WHERE m.chat_id = ${chatId}
        AND m.id > greatest((SELECT id FROM floor), coalesce((SELECT id FROM boundary), 0))
        AND m.role <> 'system' AND m.visibility IN ('model', 'both') AND NOT m.compressed AND NOT m.deleted
    ) p`.execute();
  const rows = (found?.rows ?? []).map(toHistoryRow);
  const isContinued = known !== undefined && found !== undefined && !found.isWhole;
  return { rows: isContinued ? [...known.rows, ...rows] : rows, runnerId: found?.runnerId ?? null };
}

/** The text of the chat's first message that is no summary. Primary-key range from its start; read at a compaction. */
export async function findFirstMessageParts(
  sql: SqlExecutor,
  { chatId }: { chatId: string },
): Promise<StoredPart[] | undefined> {
  const [row] = await sql<Row[]>`
    SELECT ${columns(sql)} FROM chat_messages m
    WHERE m.chat_id = ${chatId} AND m.role = 'user' AND NOT m.compressed AND NOT m.deleted ORDER BY m.id LIMIT 1`;
  return row && toHistoryRow(row).parts;
}

/** Whether the model sees work that a summary could replace: an answer or a result after the newest boundary. */
export async function hasHistoryToCompact(sql: SqlExecutor, { chatId }: { chatId: string }): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    SELECT EXISTS (
      SELECT FROM chat_messages
      WHERE chat_id = ${chatId} AND role IN ('assistant', 'tool') AND visibility <> 'user' AND NOT compressed
        AND NOT deleted AND id > coalesce((
          SELECT id FROM chat_messages
          WHERE chat_id = ${chatId} AND compressed AND visibility = 'model' AND NOT deleted
          ORDER BY id DESC LIMIT 1), 0)
    ) AS found`;
  return row?.found ?? false;
}

/** Whether the model sees anything of the chat but that it was cleared: a message, or a summary of some. */
export async function hasPromptToClear(
  sql: SqlExecutor,
  { chatId, clearedText }: { chatId: string; clearedText: string },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    WITH boundary AS MATERIALIZED (
      SELECT id, content -> 0 ->> 'text' AS text FROM chat_messages
      WHERE chat_id = ${chatId} AND compressed AND visibility = 'model' AND NOT deleted ORDER BY id DESC LIMIT 1
    )
    SELECT EXISTS (SELECT FROM boundary WHERE text IS DISTINCT FROM ${clearedText}) OR EXISTS (
      SELECT FROM chat_messages
      WHERE chat_id = ${chatId} AND role <> 'system' AND visibility <> 'user' AND NOT compressed AND NOT deleted
        AND id > coalesce((SELECT id FROM boundary), 0)
    ) AS found`;
  return row?.found ?? false;
}
