/** Where an incoming message goes in the transaction that accepts it: into the chat, or into its queue. */
import {
  deleteQueueItem,
  insertQueueItem,
  moveQueueItemToHead,
  type PlacedQueueItem,
  type QueueItem,
} from "@/db/queries/chat-queue-writes";
import type { InsertedMessage } from "@/db/queries/chat-transition";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { QueueDelivery, ReasoningEffort, StoredPart } from "@/lib/contract/messages";
import type { Change } from "./change";
import { linkFilesOf } from "./files";
import type { Decision } from "./state";

/** Messages waiting in one chat. */
export const MAX_QUEUED = 20;

/** A message on its way into the chat. */
export type Incoming = {
  parts: StoredPart[];
  /** Null: an agent, to its subagent. */
  createdBy: string | null;
  modelConfigId: string | null;
  reasoningEffort: ReasoningEffort | null;
  delivery: QueueDelivery;
  /** The queue item that is being promoted, instead of a new message. */
  queueId?: number;
};

export type PlacedMessage = InsertedMessage & Pick<Incoming, "parts" | "createdBy" | "modelConfigId">;
/** Where the message went: a durable row or a queue item. */
export type Placed = { message: PlacedMessage } | { queued: PlacedQueueItem };

/** What is sent to place a message; nothing that follows needs to wait for its answer. */
export type Placing = { placed: Promise<Placed> };

/** Inserts it, or queues it, as the table has decided. @throws ApiError `rate_limited` when the queue is full. */
export async function place(change: Change, decision: Decision, incoming: Incoming): Promise<Placing> {
  const { tx, chat } = change;
  change.accepted = true;
  if (incoming.queueId !== undefined && decision.message === "queue_head") {
    const queued = await moveToHead(change, incoming.queueId);
    return { placed: Promise.resolve({ queued }) };
  }
  const taken = await takeFromQueue(change, incoming);
  await linkFilesOf(tx, { chatId: chat.id, parts: incoming.parts });
  const { queueId: _, ...message } = taken ? { ...incoming, ...taken } : incoming;
  if (decision.message === "insert") {
    const { parts, createdBy, modelConfigId } = message;
    const placed = change
      .insert({ role: "user", ...message })
      .then((inserted) => ({ message: { ...inserted, parts, createdBy, modelConfigId } }));
    return { placed: change.send(placed) };
  }
  if (!taken && chat.queueCount >= MAX_QUEUED) {
    throw new ApiError(
      "rate_limited",
      `${MAX_QUEUED} messages are queued already. Remove one, or wait for the agent.`,
      { headers: { "Retry-After": "10" } },
    );
  }
  change.queueChanged = true;
  const atHead = decision.message === "queue_head";
  const inserting = insertQueueItem(tx, { ...message, chatId: chat.id, atHead });
  return { placed: change.send(inserting.then((queued) => ({ queued }))) };
}

async function moveToHead(change: Change, id: number): Promise<PlacedQueueItem> {
  const item = await moveQueueItemToHead(change.tx, { chatId: change.chat.id, id });
  if (!item) throw notFound();
  change.queueChanged = true;
  return item;
}

/** The item that is promoted leaves its place; it keeps its content, author and model. */
async function takeFromQueue(change: Change, incoming: Incoming): Promise<QueueItem | undefined> {
  if (incoming.queueId === undefined) return undefined;
  const item = await deleteQueueItem(change.tx, { chatId: change.chat.id, id: incoming.queueId });
  if (!item) throw notFound();
  change.queueChanged = true;
  return item;
}
