/** Another text for a message that a person sent: what came after it is taken back, and the chat runs again from there. */
import type { TransactionSql } from "postgres";
import { deleteQueue } from "@/db/queries/chat-queue-writes";
import { deleteMessagesFrom, findEditableMessage } from "@/db/queries/chat-removal";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { EditMessageResponse, MessageContent, ReasoningEffort } from "@/lib/contract/messages";
import { toParts } from "@/lib/contract/messages";
import type { Change } from "./change";
import { abandonOpenCalls } from "./keep-step";
import type { Placed } from "./place";
import { placedResponse } from "./send-message";
import { type ChatWriter, transition } from "./transition";

export type EditMessage = {
  chatId: string;
  ownerId: string;
  messageId: number;
  content: MessageContent;
  modelConfigId?: string | null;
  reasoningEffort?: ReasoningEffort | null;
  /** Refused at a spend limit. Within `withinBudget`. */
  mustAfford?: boolean;
  /** Takes part in the transaction once the new row is there. */
  beforeCommit?: (tx: TransactionSql) => Promise<void>;
};

/**
 * Removes the message and all after it, the queue, and the runner: whoever works on the chat can commit nothing any
 * more, and stops. What was spent stays counted.
 * @throws ApiError `not_found` for a message of another chat or one that was removed, `unprocessable` for one that no
 * person sent, `conflict` (archived, spend limit).
 */
export async function editMessage(writer: ChatWriter, options: EditMessage): Promise<EditMessageResponse> {
  const { chatId, ownerId, messageId, content, mustAfford = false, beforeCommit } = options;
  const { placed, written } = await transition(writer, {
    chatId,
    ownerId,
    event: "edit",
    mustAfford,
    incoming: {
      parts: toParts(content),
      createdBy: ownerId,
      modelConfigId: options.modelConfigId ?? null,
      reasoningEffort: options.reasoningEffort ?? null,
      delivery: "queue",
    },
    write: (change) => takeBack(change, messageId),
    ...(beforeCommit && { beforeCommit: (tx: TransactionSql) => beforeCommit(tx) }),
  });
  const response = placedResponse(chatId, placed as Placed);
  if (response.queued) throw new Error(`An edited message of chat ${chatId} was queued; the table inserts it.`);
  return { message: response.message, deleted_message_ids: written ?? [] };
}

/** Returns the ids of the removed rows that a person saw, in order. */
async function takeBack(change: Change, messageId: number): Promise<number[]> {
  const chatId = change.chat.id;
  const message = await findEditableMessage(change.tx, { chatId, messageId });
  if (!message) throw notFound();
  if (!message.isOfPerson) {
    throw new ApiError("unprocessable", `Message ${messageId} was not sent by a person, so it cannot be edited.`);
  }
  // Whoever works on the chat stops its calls itself.
  if (change.chat.status === "pending") await abandonOpenCalls(change);
  change.historyChanged = change.historyRemoved = true;
  change.run.request = null;
  if (change.chat.queueCount > 0) {
    await deleteQueue(change.tx, { chatId });
    change.queueChanged = true;
  }
  return deleteMessagesFrom(change.tx, { chatId, messageId });
}
