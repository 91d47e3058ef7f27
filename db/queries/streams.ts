/** What the live streams read: new rows of a chat, versions, lost credentials. Writes only the read mark. */

import type { SqlExecutor } from "@/db/client";
import { CONTENT_VERSION, readWireParts } from "@/db/content";
import { throughJsonb } from "@/db/json";
import type { ChatError, ChatStatus, PauseReason } from "@/lib/contract/chats";
import type { RetryState } from "@/lib/contract/events";
import type { Message, QueuedMessage, ToolCallPart } from "@/lib/contract/messages";
import type { WrittenMessage } from "./chat-transition";
import { type MessageRow, type QueuedMessageRow, toMessage, toQueuedMessage } from "./message-rows";

/** A message and the history version of the transition that inserted it. */
export type StreamMessage = { message: Message; historyVersion: number };

/** A chat as of one instant, with the rows after some id. */
export type ChatState = {
  ownerId: string;
  archived: boolean;
  status: ChatStatus;
  pauseReason: PauseReason | null;
  updatedAt: string;
  lastError: ChatError | null;
  snapshotVersion: number;
  historyVersion: number;
  queueVersion: number;
  resetVersion: number;
  /** The newest visible row; 0: there is none. */
  lastMessageId: number;
  attempt: number;
  retryState: RetryState | null;
  /** Null: the queue is as at the version the caller knows. */
  queue: QueuedMessage[] | null;
  messages: StreamMessage[];
  /** Of a paused chat: the calls that wait for an answer. */
  waitingCalls: ToolCallPart[];
  /** False: more rows follow the last one here. */
  isComplete: boolean;
};

type StreamRow = MessageRow & { history_version: number };

type StateRow = Omit<ChatState, "queue" | "messages" | "waitingCalls" | "isComplete"> & {
  queue: QueuedMessageRow[] | null;
  messages: StreamRow[] | null;
  lastCalls: { content: unknown; contentVersion: number; answered: string[] | null } | null;
};

/** Rows of one read: enough for every step, small beside a viewer's buffer. */
export const MESSAGES_PER_READ = 100;

/**
 * A chat's state and its visible rows with `id > afterId`, at most `MESSAGES_PER_READ`, in one statement.
 * Hot: once per hint of a watched chat that came without news. Index scans on the primary keys of `chats`, `chat_runs`, `chat_messages`
 * `(chat_id, id)`, and of `chat_queued_messages` when `queue_version` moved. Its cost does not depend on the length of the chat.
 * Planned once a connection: with values that the planner sees it would plan every execution anew where chats are long,
 * for the statement looks cheaper then than it does in general; 0.7 ms of CPU instead of 0.2.
 */
export async function findChatState(
  executor: SqlExecutor,
  options: { chatId: string; afterId: number; knownQueueVersion: number },
): Promise<ChatState | undefined> {
  const { chatId, afterId, knownQueueVersion } = options;
  const unseenId = executor`(SELECT ${chatId}::uuid)`;
  const [found] = await executor<{ state: StateRow }[]>`
    SELECT json_build_object(
      'ownerId', c.owner_id, 'archived', c.archived, 'status', c.status, 'pauseReason', c.pause_reason,
      'updatedAt', to_char(c.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'lastError', c.last_error,
      'snapshotVersion', r.snapshot_version, 'historyVersion', r.history_version, 'queueVersion', r.queue_version,
      'resetVersion', r.reset_version, 'attempt', r.generation_attempt,
      'lastMessageId', coalesce((
        SELECT n.id FROM chat_messages n WHERE n.chat_id = ${unseenId} AND NOT n.deleted AND n.visibility <> 'model'
        ORDER BY n.id DESC LIMIT 1), 0), 'retryState', r.retry_state,
      'queue', CASE WHEN r.queue_version > ${knownQueueVersion}::bigint THEN (
        SELECT coalesce(json_agg(json_build_object(
          'id', q.id, 'content', q.content, 'content_version', q.content_version, 'delivery', q.delivery,
          'position', q.place, 'created_by', q.created_by,
          'created_at', to_char(q.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        ) ORDER BY q.place), '[]'::json)
        FROM (
          SELECT *, row_number() OVER (ORDER BY position, id) AS place FROM chat_queued_messages WHERE chat_id = c.id
        ) AS q) END,
      'messages', (
        SELECT json_agg(json_build_object(
          'id', m.id, 'chat_id', m.chat_id, 'history_version', m.history_version, 'role', m.role,
          'visibility', m.visibility, 'content', m.content, 'content_version', m.content_version,
          'created_by', m.created_by, 'model_config_id', m.model_config_id, 'input_tokens', m.input_tokens,
          'output_tokens', m.output_tokens, 'reasoning_tokens', m.reasoning_tokens,
          'cache_read_tokens', m.cache_read_tokens, 'cache_creation_tokens', m.cache_creation_tokens,
          'total_cost_micros', m.total_cost_micros, 'compressed', m.compressed,
          'created_at', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        ) ORDER BY m.id)
        FROM (
          SELECT * FROM chat_messages n
          WHERE n.chat_id = ${unseenId} AND n.id > (SELECT ${afterId}::bigint) AND NOT n.deleted AND n.visibility <> 'model'
          ORDER BY n.id LIMIT ${MESSAGES_PER_READ}
        ) m),
      'lastCalls', CASE WHEN c.status = 'paused' THEN (
        SELECT json_build_object('content', a.content, 'contentVersion', a.content_version, 'answered', (
          SELECT json_agg(t.tool_call_id) FROM tool_executions t WHERE t.chat_id = c.id AND t.status = 'finished'))
        FROM chat_messages a
        WHERE a.chat_id = ${unseenId} AND a.role = 'assistant' AND NOT a.deleted AND a.visibility <> 'user'
        ORDER BY a.id DESC LIMIT 1) END
    ) AS state
    FROM chats c JOIN chat_runs r ON r.chat_id = c.id
    WHERE c.id = ${chatId}`;
  return found && toChatState(found.state);
}

function toChatState(row: StateRow): ChatState {
  const { lastCalls, messages, queue, ...state } = row;
  return {
    ...state,
    queue: queue?.map(toQueuedMessage) ?? null,
    messages: (messages ?? []).map(toStreamMessage),
    waitingCalls: lastCalls ? toWaitingCalls(lastCalls) : [],
    isComplete: (messages?.length ?? 0) < MESSAGES_PER_READ,
  };
}

const toStreamMessage = ({ history_version: historyVersion, ...row }: StreamRow): StreamMessage => ({
  message: toMessage(row),
  historyVersion,
});

/** A row that was just written as `findChatState` would read it; undefined when no person sees it. Pure. */
export function toWrittenMessage({ message, inserted }: WrittenMessage): StreamMessage | undefined {
  if (message.visibility === "model") return undefined;
  const usage = message.call?.usage;
  return toStreamMessage({
    id: inserted.id,
    chat_id: message.chatId,
    history_version: message.historyVersion,
    role: message.role,
    content: throughJsonb(message.parts),
    content_version: CONTENT_VERSION,
    created_by: message.createdBy ?? null,
    created_at: toMicroseconds(inserted.createdAt),
    model_config_id: message.modelConfigId?.toLowerCase() ?? null,
    visibility: message.visibility ?? "both",
    compressed: message.compressed ?? false,
    input_tokens: usage?.input_tokens ?? null,
    output_tokens: usage?.output_tokens ?? null,
    reasoning_tokens: usage?.reasoning_tokens ?? null,
    cache_read_tokens: usage?.cache_read_tokens ?? null,
    cache_creation_tokens: usage?.cache_creation_tokens ?? null,
    total_cost_micros: message.call?.costMicros ?? null,
  });
}

/** A time as the driver gives it, with all six digits, as `findChatState` has it. Pure. */
export const toMicroseconds = (time: string): string =>
  time.replace(/(?:\.(\d+))?Z$/, (_, digits = "") => `.${digits.padEnd(6, "0")}Z`);

function toWaitingCalls(row: NonNullable<StateRow["lastCalls"]>): ToolCallPart[] {
  const answered = new Set(row.answered ?? []);
  return readWireParts({ role: "assistant", content: row.content, contentVersion: row.contentVersion }).flatMap(
    (part) => (part.type === "tool-call" && !answered.has(part.tool_call_id) ? [part] : []),
  );
}

/**
 * Marks those of the chats that are this owner's read up to their newest rows, and says which they are. Bookkeeping:
 * `updated_at` stays, and a chat that is read already is not written.
 */
export async function markChatsRead(
  executor: SqlExecutor,
  options: { chatIds: string[]; ownerId: string },
): Promise<{ chatId: string; archived: boolean }[]> {
  const { chatIds, ownerId } = options;
  return executor<{ chatId: string; archived: boolean }[]>`
    WITH chat AS (
      SELECT c.id, c.archived, c.last_read_message_id, (
        SELECT m.id FROM chat_messages m WHERE m.chat_id = c.id AND NOT m.deleted ORDER BY m.id DESC LIMIT 1
      ) AS newest
      FROM chats c WHERE c.id = ANY(${chatIds}::uuid[]) AND c.owner_id = ${ownerId}
    ), marked AS (
      UPDATE chats SET last_read_message_id = chat.newest FROM chat
      WHERE chats.id = chat.id AND chat.last_read_message_id < chat.newest
    )
    SELECT id AS "chatId", archived FROM chat`;
}

/** `ownerId` null: a watched chat; else a chat of a watched list. */
export type SeenVersion = { chatId: string; ownerId: string | null; version: number; archived: boolean };

/**
 * What lost hints would have told, in one statement: the versions of watched chats, and the owners' chats that changed
 * lately. Index scans on `chat_runs_pkey` and `chats_owner_id_updated_at_id`. The newest 300 ms are left to the hints.
 */
export async function listVersions(
  executor: SqlExecutor,
  options: { chatIds: string[]; ownerIds: string[] },
): Promise<SeenVersion[]> {
  return executor<SeenVersion[]>`
    SELECT c.id AS "chatId", NULL::uuid AS "ownerId", r.snapshot_version AS version, c.archived
    FROM chats c JOIN chat_runs r ON r.chat_id = c.id WHERE c.id = ANY(${options.chatIds}::uuid[])
    UNION ALL
    SELECT c.id, c.owner_id, r.snapshot_version, c.archived FROM chats c JOIN chat_runs r ON r.chat_id = c.id
    WHERE c.owner_id = ANY(${options.ownerIds}::uuid[])
      AND c.updated_at > now() - interval '4 seconds' AND c.updated_at < now() - interval '300 milliseconds'`;
}

/** Those of the credentials that are worth nothing any more: revoked, expired, or of a suspended person. */
export async function listLostCredentials(
  executor: SqlExecutor,
  options: { credentialIds: string[] },
): Promise<string[]> {
  const rows = await executor<{ id: string }[]>`
    SELECT held.id FROM unnest(${options.credentialIds}::uuid[]) AS held (id)
    WHERE NOT EXISTS (
      SELECT FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE s.id = held.id AND s.expires_at > now() AND NOT u.suspended)
    AND NOT EXISTS (
      SELECT FROM api_tokens t JOIN users u ON u.id = t.user_id
      WHERE t.id = held.id AND (t.expires_at IS NULL OR t.expires_at > now()) AND NOT u.suspended)`;
  return rows.map((row) => row.id);
}
