/** Rows of a chat as the agent needs them: stored parts in id order. Reads only. */
import type { SqlExecutor } from "@/db/client";
import type { MessageRole, StoredPart } from "@/lib/contract/messages";
import { readStoredContent } from "../content";

export type HistoryRow = { id: number; role: MessageRole; parts: StoredPart[]; modelConfigId: string | null };

type Row = { id: number; role: MessageRole; content: unknown; contentVersion: number; modelConfigId: string | null };

const toHistoryRow = ({ content, contentVersion, ...row }: Row): HistoryRow => ({
  ...row,
  parts: readStoredContent({ role: row.role, content, contentVersion }),
});

/** The last live assistant row and what follows it. Primary-key range from its end. */
export async function listRowsAfterLastAnswer(sql: SqlExecutor, { chatId }: { chatId: string }): Promise<HistoryRow[]> {
  const rows = await sql<Row[]>`
    SELECT id, role, content, content_version AS "contentVersion", model_config_id AS "modelConfigId"
    FROM chat_messages
    WHERE chat_id = ${chatId} AND NOT deleted AND id >= (
      SELECT id FROM chat_messages
      WHERE chat_id = ${chatId} AND role = 'assistant' AND NOT deleted ORDER BY id DESC LIMIT 1)
    ORDER BY id`;
  return rows.map(toHistoryRow);
}

/**
 * The prompt: every uncompressed system row, the newest summary (compressed, for the model alone), and all live,
 * uncompressed rows for the model after it. With `afterId` only what is newer, when the caller holds the rest.
 * Primary-key range; the boundary by its partial index.
 */
export async function listPromptRows(
  sql: SqlExecutor,
  { chatId, afterId }: { chatId: string; afterId: number },
): Promise<HistoryRow[]> {
  const rows = await sql<Row[]>`
    WITH boundary AS (
      SELECT id FROM chat_messages
      WHERE chat_id = ${chatId} AND compressed AND visibility = 'model' AND NOT deleted ORDER BY id DESC LIMIT 1
    )
    SELECT id, role, content, content_version AS "contentVersion", model_config_id AS "modelConfigId"
    FROM chat_messages
    WHERE chat_id = ${chatId} AND id > ${afterId} AND NOT deleted AND (
      id = (SELECT id FROM boundary)
      OR NOT compressed AND role = 'system'
      OR NOT compressed AND visibility IN ('model', 'both') AND id > coalesce((SELECT id FROM boundary), 0))
    ORDER BY id`;
  return rows.map(toHistoryRow);
}
