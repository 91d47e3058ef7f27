import { getChat } from "@/lib/chats/get-chat";
import { readChat } from "@/lib/chats/read";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema, readChatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Marks a chat read, or its last answer unread.",
    params: chatPathSchema,
    body: readChatSchema,
    response: chatSchema,
  },
  async ({ db, runtime, actor, params, body }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await readChat(runtime, { ...target, unread: body.unread });
    return getChat(db, target);
  },
);
