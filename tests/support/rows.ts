/** Rows for tests of reads, written past the state machine. A test of writes makes its chats through `lib/chats`. */
import type { Sql } from "postgres";
import { insertWorker } from "@/db/queries/workers";
import type { ChatStatus } from "@/lib/contract/chats";
import type { CallKind } from "@/lib/contract/costs";
import type { MessageRole, MessageVisibility, StoredPart } from "@/lib/contract/messages";
import { newId } from "@/lib/ids";

/** A person; returns the id. */
export async function insertUser(sql: Sql, options: { username?: string } = {}): Promise<string> {
  const id = newId();
  const username = options.username ?? `user-${id.slice(0, 8)}`;
  await sql`INSERT INTO users (id, email, username) VALUES (${id}, ${`${username}@example.com`}, ${username})`;
  return id;
}

/** A worker that nobody has taken for dead; returns the id. */
export async function registerWorker(sql: Sql, { lockKey = 0 } = {}): Promise<string> {
  const id = newId();
  await insertWorker(sql, { id, installId: newId(), bootId: newId(), version: "test", lockKey });
  return id;
}

/** A provider with one model configuration; returns the configuration's id. */
export async function insertModelConfig(sql: Sql, options: { isDefault?: boolean } = {}): Promise<string> {
  const providerId = newId();
  const id = newId();
  await sql`INSERT INTO chat_providers (id, provider, display_name) VALUES (${providerId}, 'openai-compat', 'Local')`;
  await sql`INSERT INTO chat_model_configs (id, provider_id, model, display_name, is_default, context_limit, compression_threshold)
    VALUES (${id}, ${providerId}, 'test-model', 'Test model', ${options.isDefault ?? false}, 200000, 70)`;
  return id;
}

export type ChatFixture = {
  ownerId: string;
  title?: string;
  status?: ChatStatus;
  archived?: boolean;
  pinOrder?: number;
  /** The root this chat is a subagent of. */
  rootChatId?: string;
  labels?: Record<string, string>;
  repository?: string;
  updatedAt?: string;
  createdAt?: string;
};

/** A chat with its run row; returns the id. */
export async function insertChat(sql: Sql, chat: ChatFixture): Promise<string> {
  const id = newId();
  const parent = chat.rootChatId ?? null;
  await sql`
    INSERT INTO chats (id, owner_id, title, status, archived, pin_order, parent_chat_id, root_chat_id, labels, repository,
      created_at, updated_at)
    VALUES (${id}, ${chat.ownerId}, ${chat.title ?? "A chat"}, ${chat.status ?? "waiting"}, ${chat.archived ?? false},
      ${chat.pinOrder ?? 0}, ${parent}, ${parent}, ${JSON.stringify(chat.labels ?? {})}::text::jsonb,
      ${chat.repository ?? null}, coalesce(${chat.createdAt ?? null}::timestamptz, now()),
      coalesce(${chat.updatedAt ?? null}::timestamptz, now()))`;
  await sql`INSERT INTO chat_runs (chat_id) VALUES (${id})`;
  return id;
}

export type MessageFixture = {
  chatId: string;
  role?: MessageRole;
  parts?: StoredPart[];
  visibility?: MessageVisibility;
  createdBy?: string;
  deleted?: boolean;
  compressed?: boolean;
  inputTokens?: number;
};

/** A message of content version 1; returns its id. */
export async function insertMessage(sql: Sql, message: MessageFixture): Promise<number> {
  const parts = message.parts ?? [{ type: "text", text: "Hello." }];
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO chat_messages (chat_id, role, visibility, content, content_version, created_by, deleted, compressed, input_tokens)
    VALUES (${message.chatId}, ${message.role ?? "assistant"}, ${message.visibility ?? "both"},
      ${JSON.stringify(parts)}::text::jsonb, 1, ${message.createdBy ?? null}, ${message.deleted ?? false},
      ${message.compressed ?? false}, ${message.inputTokens ?? null})
    RETURNING id`;
  return row!.id;
}

/** A queued message; returns its id. */
export async function insertQueuedMessage(
  sql: Sql,
  message: { chatId: string; createdBy: string; text: string; position: number },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO chat_queued_messages (chat_id, content, content_version, position, created_by)
    VALUES (${message.chatId}, ${JSON.stringify([{ type: "text", text: message.text }])}::text::jsonb, 1,
      ${message.position}, ${message.createdBy})
    RETURNING id`;
  return row!.id;
}

export type CallFixture = {
  ownerId: string;
  rootChatId: string;
  chatId?: string;
  kind?: CallKind;
  modelConfigId?: string | null;
  messageId?: number;
  costMicros: number | null;
  input?: number;
  output?: number;
  cacheRead?: number;
  cacheWrite?: number;
  at?: string;
};

/** A paid call; `rebuildCostDays` adds what was inserted to the roll-up. */
export async function insertCall(sql: Sql, call: CallFixture): Promise<void> {
  await sql`
    INSERT INTO model_calls (chat_id, root_chat_id, owner_id, message_id, kind, model_config_id, provider, model,
      input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cost_micros, created_at)
    VALUES (${call.chatId ?? call.rootChatId}, ${call.rootChatId}, ${call.ownerId}, ${call.messageId ?? null},
      ${call.kind ?? "step"}, ${call.modelConfigId ?? null}, 'openai-compat', 'test-model', ${call.input ?? 0},
      ${call.output ?? 0}, ${call.cacheRead ?? 0}, ${call.cacheWrite ?? 0}, ${call.costMicros},
      coalesce(${call.at ?? null}::timestamptz, now()))`;
}
