/** The columns of messages and queued messages as clients see them, and their mapping. Reads nothing by itself. */
import { sql } from "drizzle-orm";
import { readWireParts } from "@/db/content";
import type {
  Message,
  MessageRole,
  MessageVisibility,
  QueueDelivery,
  QueuedMessage,
  Usage,
} from "@/lib/contract/messages";

/** Of `chat_messages m`. */
export const messageColumns = sql`
  m.id, m.chat_id, m.role, m.content, m.content_version, m.created_by, m.created_at, m.model_config_id, m.visibility,
  m.compressed, m.input_tokens, m.output_tokens, m.reasoning_tokens, m.cache_read_tokens, m.cache_creation_tokens,
  m.total_cost_micros`;

/** What a person sees of `chat_messages m`. */
export const visibleToPerson = sql`m.visibility <> 'model' AND NOT m.deleted`;

export type MessageRow = Usage & {
  id: number;
  chat_id: string;
  role: MessageRole;
  content: unknown;
  content_version: number;
  created_by: string | null;
  created_at: string;
  model_config_id: string | null;
  visibility: MessageVisibility;
  compressed: boolean;
  total_cost_micros: number | null;
};

/** A row as clients see it. @throws Error on an unknown content version. */
export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    chat_id: row.chat_id,
    role: row.role,
    content: readWireParts({ role: row.role, content: row.content, contentVersion: row.content_version }),
    created_by: row.created_by,
    created_at: row.created_at,
    model_config_id: row.model_config_id,
    visibility: row.visibility,
    compressed: row.compressed,
    usage: toUsage(row),
    total_cost_micros: row.total_cost_micros,
  };
}

/** Null when the provider said nothing at all. */
function toUsage(row: MessageRow): Usage | null {
  const usage: Usage = {
    input_tokens: row.input_tokens,
    output_tokens: row.output_tokens,
    reasoning_tokens: row.reasoning_tokens,
    cache_read_tokens: row.cache_read_tokens,
    cache_creation_tokens: row.cache_creation_tokens,
  };
  return Object.values(usage).some((tokens) => tokens !== null) ? usage : null;
}

/** Of all of a chat's `chat_queued_messages q`; `position` is the place from 1, as stored ones have gaps. */
export const queuedMessageColumns = sql`
  q.id, q.content, q.content_version, q.delivery, (row_number() OVER (ORDER BY q.position, q.id))::int AS position,
  q.created_by, q.created_at`;

export type QueuedMessageRow = {
  id: number;
  content: unknown;
  content_version: number;
  delivery: QueueDelivery;
  position: number;
  created_by: string | null;
  created_at: string;
};

/** A row as clients see it. @throws Error on an unknown content version. */
export function toQueuedMessage(row: QueuedMessageRow): QueuedMessage {
  return {
    id: row.id,
    content: readWireParts({ role: "user", content: row.content, contentVersion: row.content_version }),
    delivery: row.delivery,
    position: row.position,
    created_by: row.created_by,
    created_at: row.created_at,
  };
}
