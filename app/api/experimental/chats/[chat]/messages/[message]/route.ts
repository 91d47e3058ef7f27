import { acceptEdit } from "@/lib/chats/accept";
import { messagePathSchema } from "@/lib/contract/chat-queries";
import { editMessageResponseSchema, editMessageSchema } from "@/lib/contract/messages";
import { route } from "@/lib/server/http";

export const PATCH = route(
  {
    access: "member",
    summary: "Replaces a message that a person sent, takes back what came after it and the queue, and runs again.",
    params: messagePathSchema,
    body: editMessageSchema,
    response: editMessageResponseSchema,
  },
  async ({ runtime, actor, params, body }) =>
    acceptEdit(runtime, { ownerId: actor.userId, chatId: params.chat, messageId: params.message, body }),
);
