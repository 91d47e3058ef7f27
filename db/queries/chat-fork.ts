/** The statements that copy a chat up to one of its messages. Called by `lib/chats/fork-chat` alone. */
import type { SqlExecutor } from "@/db/client";

type Fork = { sourceId: string; chatId: string; messageId: number };

/** A live message that a person sees, of this owner's chat. Primary key. */
export async function isForkPoint(
  tx: SqlExecutor,
  { sourceId, ownerId, messageId }: Omit<Fork, "chatId"> & { ownerId: string },
): Promise<boolean> {
  const rows = await tx`
    SELECT FROM chat_messages m JOIN chats c ON c.id = m.chat_id AND c.owner_id = ${ownerId}
    WHERE m.chat_id = ${sourceId} AND m.id = ${messageId}::bigint AND NOT m.deleted AND m.visibility <> 'model'`;
  return rows.length > 0;
}

/** An idle root with what the source was made with, in the same workspace. */
export async function insertFork(
  tx: SqlExecutor,
  { sourceId, chatId, title }: Omit<Fork, "messageId"> & { title: string },
): Promise<void> {
  await tx`
    WITH chat AS (
      INSERT INTO chats (id, owner_id, title, title_source, status, last_model_config_id, last_reasoning_effort,
        workspace_id, template_id, repository, branch, labels, system_prompt, plan_mode, caller_tools)
      SELECT ${chatId}, owner_id, ${title}, 'user', 'waiting', last_model_config_id, last_reasoning_effort,
        workspace_id, template_id, repository, branch, labels, system_prompt, plan_mode, caller_tools
      FROM chats WHERE id = ${sourceId}
    )
    INSERT INTO chat_runs (chat_id, snapshot_version, history_version) VALUES (${chatId}, 1, 1)`;
}

/**
 * Copies the live rows up to the message, in order, with new ids; what a summary replays is renumbered with them.
 * Copies cost nothing: they carry no usage and no cost, and no call is recorded for them. Range of the primary key.
 */
export async function copyMessages(tx: SqlExecutor, { sourceId, chatId, messageId }: Fork): Promise<void> {
  await tx`
    WITH source AS MATERIALIZED (
      SELECT ordered.*, nextval('chat_message_id_seq') AS new_id FROM (
        SELECT * FROM chat_messages
        WHERE chat_id = ${sourceId} AND id <= ${messageId}::bigint AND NOT deleted ORDER BY id) AS ordered
    ), copied AS (
      INSERT INTO chat_messages (chat_id, id, history_version, role, visibility, content, content_version, created_by,
        model_config_id, reasoning_effort, runtime_ms, compressed, replayed_message_ids, created_at)
      SELECT ${chatId}, new_id, 1, role, visibility, content, content_version, created_by, model_config_id,
        reasoning_effort, runtime_ms, compressed,
        (SELECT array_agg(other.new_id ORDER BY other.new_id) FROM source other
          WHERE other.id = ANY(source.replayed_message_ids)), created_at
      FROM source
    ), linked AS (
      INSERT INTO chat_file_links (file_id, chat_id)
      SELECT file_id, ${chatId}::uuid FROM chat_file_links WHERE chat_id = ${sourceId}
    )
    UPDATE chats SET last_read_message_id = coalesce((SELECT max(new_id) FROM source), 0) WHERE id = ${chatId}`;
}

/** Undefined: not this owner's chat. Primary key. */
export async function findChatTitle(
  tx: SqlExecutor,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<string | undefined> {
  const [row] = await tx<{ title: string }[]>`
    SELECT title FROM chats WHERE id = ${chatId} AND owner_id = ${ownerId}`;
  return row?.title;
}
