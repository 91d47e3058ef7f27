import { listMessages } from "@/db/queries/messages";
import { listQueuedMessages } from "@/db/queries/queue";
import { acceptMessage } from "@/lib/chats/accept";
import { requireChat } from "@/lib/chats/get-chat";
import { readIdempotencyKey } from "@/lib/chats/idempotency";
import { chatPathSchema, listMessagesQuerySchema } from "@/lib/contract/chat-queries";
import { messagesPageSchema, sendMessageResponseSchema, sendMessageSchema } from "@/lib/contract/messages";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Lists messages, newest first (oldest first with after_id alone), and the whole queue.",
    params: chatPathSchema,
    query: listMessagesQuerySchema,
    response: messagesPageSchema,
  },
  async ({ db, actor, params, query }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    const { limit, before_id: beforeId, after_id: afterId } = query;
    const [, page, queue] = await Promise.all([
      requireChat(db, target),
      listMessages(db, { ...target, limit, beforeId, afterId }),
      listQueuedMessages(db, target),
    ]);
    return { messages: page.messages, queued_messages: queue, has_more: page.hasMore };
  },
);

export const POST = route(
  {
    access: "member",
    summary: "Sends a message: into the chat, or into its queue while it is busy. Takes an Idempotency-Key.",
    params: chatPathSchema,
    body: sendMessageSchema,
    response: sendMessageResponseSchema,
    status: 201,
  },
  async ({ request, runtime, actor, params, body }) => {
    const idempotent = readIdempotencyKey(request, { userId: actor.userId, body });
    return acceptMessage(runtime, { ownerId: actor.userId, chatId: params.chat, body, idempotent });
  },
);
