import { forkChat } from "@/lib/chats/fork-chat";
import { getChat } from "@/lib/chats/get-chat";
import { chatPathSchema, forkChatSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Makes a chat with the history of this one up to and including a message, in the same workspace.",
    params: chatPathSchema,
    body: forkChatSchema,
    response: chatSchema,
    status: 201,
  },
  async ({ db, runtime, actor, params, body }) => {
    const ownerId = actor.userId;
    const { chatId } = await forkChat(runtime, { chatId: params.chat, ownerId, messageId: body.message_id });
    return getChat(db, { chatId, ownerId });
  },
);
