import { acceptQueueEdit } from "@/lib/chats/accept";
import { removeQueuedMessage } from "@/lib/chats/queue";
import { queuedMessagePathSchema } from "@/lib/contract/chat-queries";
import { patchQueuedMessageSchema, queuedMessageSchema } from "@/lib/contract/messages";
import { route } from "@/lib/server/http";

export const PATCH = route(
  {
    access: "member",
    summary: "Changes a queued message: its content, its place in the queue or its delivery.",
    params: queuedMessagePathSchema,
    body: patchQueuedMessageSchema,
    response: queuedMessageSchema,
  },
  async ({ runtime, actor, params, body }) =>
    acceptQueueEdit(runtime, { chatId: params.chat, ownerId: actor.userId, queueId: params.queued, body }),
);

export const DELETE = route(
  { access: "member", summary: "Removes a queued message.", params: queuedMessagePathSchema, status: 204 },
  async ({ runtime, actor, params }) =>
    removeQueuedMessage(runtime, { chatId: params.chat, ownerId: actor.userId, queueId: params.queued }),
);
