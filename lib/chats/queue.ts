/** The waiting messages of a chat: edit, reorder, remove, send now. */
import {
  deleteQueueItem,
  moveQueueItem,
  type PlacedQueueItem,
  type QueueItemChange,
  updateQueueItem,
} from "@/db/queries/chat-queue-writes";
import { notFound } from "@/lib/contract/errors";
import type { QueuedMessage, SendMessageResponse } from "@/lib/contract/messages";
import { withinBudget } from "./budget";
import { linkFilesOf } from "./files";
import type { Placed } from "./place";
import { placedResponse, toQueuedMessage } from "./send-message";
import { type ChatWriter, transition } from "./transition";

type QueueTarget = { chatId: string; ownerId: string; queueId: number };

/** @throws ApiError `not_found` when it was sent or removed meanwhile. */
export async function editQueuedMessage(
  writer: ChatWriter,
  { chatId, ownerId, queueId, ...change }: QueueTarget & QueueItemChange & { position?: number },
): Promise<QueuedMessage> {
  const { written } = await transition(writer, {
    chatId,
    ownerId,
    event: "change_queue",
    write: async (under) => {
      if (change.position !== undefined) await moveQueueItem(under.tx, { chatId, id: queueId, place: change.position });
      const item = await updateQueueItem(under.tx, { chatId, id: queueId, change });
      if (!item) throw notFound();
      await linkFilesOf(under.tx, { chatId, parts: change.parts ?? [] });
      under.queueChanged = true;
      return item;
    },
  });
  return toQueuedMessage(written as PlacedQueueItem);
}

/** @throws ApiError `not_found` when it was sent or removed meanwhile. */
export async function removeQueuedMessage(
  writer: ChatWriter,
  { chatId, ownerId, queueId }: QueueTarget,
): Promise<void> {
  await transition(writer, {
    chatId,
    ownerId,
    event: "change_queue",
    write: async (under) => {
      if (!(await deleteQueueItem(under.tx, { chatId, id: queueId }))) throw notFound();
      under.queueChanged = true;
    },
  });
}

/** Moves it to the head and interrupts a running turn; an idle chat runs it at once. @throws ApiError `conflict` at the spend limit. */
export async function promoteQueuedMessage(
  writer: ChatWriter,
  { chatId, ownerId, queueId }: QueueTarget,
): Promise<SendMessageResponse> {
  const incoming = { parts: [], createdBy: ownerId, modelConfigId: null, reasoningEffort: null, queueId };
  const { placed } = await withinBudget(writer.sql, (options) =>
    transition(writer, {
      ...options,
      chatId,
      ownerId,
      event: "promote",
      incoming: { ...incoming, delivery: "queue" },
    }),
  );
  return placedResponse(chatId, placed as Placed);
}
