/** Subagents as the agent that made them sees them, and the lock under which one is born. Decides nothing. */
import { sql as drizzleSql } from "drizzle-orm";
import type { Executor, SqlExecutor } from "@/db/client";
import type { AgentType, ChatError, ChatStatus, PauseReason } from "@/lib/contract/chats";
import { partsText } from "@/lib/contract/parts-text";
import { readStoredContent } from "../content";
import { isStuck } from "./chat-rows";

export type Subagent = {
  chatId: string;
  title: string;
  status: ChatStatus;
  pauseReason: PauseReason | null;
  lastError: ChatError | null;
  agentType: AgentType | null;
  deadlineAt: string | null;
  /** By the database's clock: busy past its deadline, or long without a step. */
  stuck: boolean;
  pastDeadline: boolean;
  /** Since it was last given a task. */
  elapsedSeconds: number | null;
  activity: string | null;
  lastStepAt: string | null;
};

const columns = drizzleSql`
  c.id AS "chatId", c.title, c.status, c.pause_reason AS "pauseReason", c.last_error AS "lastError",
  c.agent_type AS "agentType", c.deadline_at AS "deadlineAt", ${isStuck} AS stuck,
  coalesce(c.deadline_at < now(), false) AS "pastDeadline",
  floor(extract(epoch FROM now() - c.deadline_at) + c.deadline_seconds)::int AS "elapsedSeconds", r.activity, r.last_step_at AS "lastStepAt"`;

/** Primary keys of `chats` and `chat_runs`. */
export async function findSubagent(db: Executor, { chatId }: { chatId: string }): Promise<Subagent | undefined> {
  const [row] = await db.execute<Subagent>(drizzleSql`
    SELECT ${columns} FROM chats c JOIN chat_runs r ON r.chat_id = c.id WHERE c.id = ${chatId}`);
  return row;
}

/** The newest children of a chat. Index on `parent_chat_id`. */
export async function listSubagents(
  db: Executor,
  { parentChatId, limit }: { parentChatId: string; limit: number },
): Promise<Subagent[]> {
  return [
    ...(await db.execute<Subagent>(drizzleSql`
    SELECT ${columns} FROM chats c JOIN chat_runs r ON r.chat_id = c.id
    WHERE c.parent_chat_id = ${parentChatId} AND NOT c.archived
    ORDER BY c.created_at DESC, c.id DESC LIMIT ${limit}`)),
  ];
}

/** The text of the last answer; empty when there is none. The primary key from its end. */
export async function findLastAnswerText(sql: SqlExecutor, { chatId }: { chatId: string }): Promise<string> {
  const [row] = await sql<{ content: unknown; contentVersion: number }[]>`
    SELECT content, content_version AS "contentVersion" FROM chat_messages
    WHERE chat_id = ${chatId} AND role = 'assistant' AND NOT deleted AND NOT compressed ORDER BY id DESC LIMIT 1`;
  return row ? partsText(readStoredContent({ role: "assistant", ...row })) : "";
}

/** A tree is two levels deep; a forged one is not followed further. */
const MAX_DEPTH = 16;

/**
 * Whether the chat lies below the other and both are this owner's: walks up, one primary-key lookup a level. A cycle
 * ends the walk.
 */
export async function isDescendant(
  sql: SqlExecutor,
  { chatId, ancestorId, ownerId }: { chatId: string; ancestorId: string; ownerId: string },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    WITH RECURSIVE up AS (
      SELECT id, parent_chat_id, 0 AS depth FROM chats WHERE id = ${chatId} AND owner_id = ${ownerId}
      UNION ALL
      SELECT c.id, c.parent_chat_id, up.depth + 1 FROM up JOIN chats c ON c.id = up.parent_chat_id
      WHERE c.owner_id = ${ownerId} AND up.id <> ${ancestorId} AND up.depth < ${MAX_DEPTH}
    ) CYCLE id SET is_cycle USING path
    SELECT EXISTS (SELECT FROM up WHERE id = ${ancestorId} AND depth > 0 AND NOT is_cycle) AS found`;
  return row?.found ?? false;
}

export type LockedParent = {
  ownerId: string;
  isRoot: boolean;
  archived: boolean;
  status: ChatStatus;
  runnerId: string | null;
  /** Children that have not ended. */
  busyChildren: number;
};

/** Locks a chat against being archived, for a child that is about to be born. Undefined: there is none. */
export async function lockParent(tx: SqlExecutor, { chatId }: { chatId: string }): Promise<LockedParent | undefined> {
  const [, [parent]] = await Promise.all([
    tx`SELECT 1 FROM chats WHERE id = ${chatId} FOR SHARE`,
    tx<LockedParent[]>`
      SELECT c.owner_id AS "ownerId", c.parent_chat_id IS NULL AND c.root_chat_id IS NULL AS "isRoot", c.archived,
        c.status, r.runner_id AS "runnerId", (
          SELECT count(*)::int FROM chats k
          WHERE k.parent_chat_id = c.id AND k.status IN ('pending', 'running', 'interrupting', 'paused')
        ) AS "busyChildren"
      FROM chats c JOIN chat_runs r ON r.chat_id = c.id WHERE c.id = ${chatId}`,
  ]);
  return parent;
}

/** The child that a call made. Unique index `chats_spawned_by`. */
export async function findSpawned(
  sql: SqlExecutor,
  { parentChatId, toolCallId }: { parentChatId: string; toolCallId: string },
): Promise<{ chatId: string; title: string; status: ChatStatus } | undefined> {
  const [row] = await sql<{ chatId: string; title: string; status: ChatStatus }[]>`
    SELECT id AS "chatId", title, status FROM chats
    WHERE parent_chat_id = ${parentChatId} AND spawned_by_tool_call_id = ${toolCallId}`;
  return row;
}
