/** What a pull request told its chat, and whether it may. Decides nothing about what is worth telling. */
import type { SqlExecutor } from "@/db/client";
import type { ChatStatus } from "@/lib/contract/chats";

export type FeedbackChoice = { enabled: boolean; chosen: boolean | null; rounds: number };

/** What holds for `chats c`, `chat_feedback f`, `templates t`: the chat's own choice, else its template's. */
const isEnabled = (sql: SqlExecutor) =>
  sql`coalesce(f.enabled, (t.config ->> 'pull_request_feedback')::boolean, false)`;

/** The template of its workspace, else the one that it was started with. Primary keys. */
const joins = (sql: SqlExecutor) => sql`
  LEFT JOIN chat_feedback f ON f.chat_id = c.id
  LEFT JOIN workspaces w ON w.id = c.workspace_id
  LEFT JOIN templates t ON t.id = coalesce(w.template_id, c.template_id)`;

/** Undefined: not this owner's chat. */
export async function findFeedbackChoice(
  sql: SqlExecutor,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<FeedbackChoice | undefined> {
  const [row] = await sql<FeedbackChoice[]>`
    SELECT ${isEnabled(sql)} AS enabled, f.enabled AS chosen, coalesce(f.rounds, 0) AS rounds
    FROM chats c ${joins(sql)} WHERE c.id = ${chatId} AND c.owner_id = ${ownerId}`;
  return row;
}

/** Null: as the template says. What was said before a chat listens is not told to it. */
export async function setFeedbackChoice(
  sql: SqlExecutor,
  { chatId, enabled }: { chatId: string; enabled: boolean | null },
): Promise<void> {
  await sql`
    INSERT INTO chat_feedback (chat_id, enabled) VALUES (${chatId}, ${enabled})
    ON CONFLICT (chat_id) DO UPDATE SET enabled = EXCLUDED.enabled, rounds = 0,
      updated_at = CASE WHEN chat_feedback.enabled IS DISTINCT FROM EXCLUDED.enabled THEN now()
        ELSE chat_feedback.updated_at END`;
}

export type ListeningChat = {
  status: ChatStatus;
  enabled: boolean;
  /** Comments from before are known; null: none are. */
  since: string | null;
  /** Since a person last wrote. */
  rounds: number;
  /** Keys of what it was told. */
  told: string[];
};

/**
 * A live root; undefined for any other chat. A round counts while no message of a person is newer than the last
 * feedback, which is the newest user row that nobody sent. Ranges of the primary key from their ends.
 */
export async function findListeningChat(
  sql: SqlExecutor,
  { chatId }: { chatId: string },
): Promise<ListeningChat | undefined> {
  const newest = (condition: ReturnType<typeof sql>) => sql`
    coalesce((SELECT m.id FROM chat_messages m WHERE m.chat_id = c.id AND m.role = 'user' AND NOT m.compressed
      AND NOT m.deleted AND ${condition} ORDER BY m.id DESC LIMIT 1), 0)`;
  const [row] = await sql<ListeningChat[]>`
    SELECT c.status, ${isEnabled(sql)} AS enabled,
      CASE WHEN f.enabled THEN to_char(f.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END AS since,
      CASE WHEN ${newest(sql`m.created_by IS NOT NULL`)} > ${newest(sql`m.created_by IS NULL`)} THEN 0
        ELSE coalesce(f.rounds, 0) END AS rounds,
      ARRAY(SELECT key FROM chat_feedback_items i WHERE i.chat_id = c.id) AS told
    FROM chats c ${joins(sql)} WHERE c.id = ${chatId} AND NOT c.archived AND c.parent_chat_id IS NULL`;
  return row;
}

/** Returns the keys that were not there. */
export async function insertFeedbackItems(
  sql: SqlExecutor,
  { chatId, keys }: { chatId: string; keys: readonly string[] },
): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`
    INSERT INTO chat_feedback_items (chat_id, key) SELECT ${chatId}, unnest(${[...keys]}::text[])
    ON CONFLICT DO NOTHING RETURNING key`;
  return rows.map(({ key }) => key);
}

/** False: it was not there. */
export async function deleteFeedbackItem(
  sql: SqlExecutor,
  { chatId, key }: { chatId: string; key: string },
): Promise<boolean> {
  const { count } = await sql`DELETE FROM chat_feedback_items WHERE chat_id = ${chatId} AND key = ${key}`;
  return count > 0;
}

export async function setFeedbackRounds(
  sql: SqlExecutor,
  { chatId, rounds }: { chatId: string; rounds: number },
): Promise<void> {
  await sql`
    INSERT INTO chat_feedback (chat_id, rounds) VALUES (${chatId}, ${rounds})
    ON CONFLICT (chat_id) DO UPDATE SET rounds = EXCLUDED.rounds`;
}
