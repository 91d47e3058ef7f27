import { getChat } from "@/lib/chats/get-chat";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { regenerateTitle } from "@/lib/models/regenerate-title";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Has a model name the chat anew, over whatever title it has.",
    params: chatPathSchema,
    response: chatSchema,
  },
  async ({ db, runtime, actor, params, request }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await regenerateTitle({ context: { ...runtime, db }, ...target, signal: request.signal });
    return getChat(db, target);
  },
);
