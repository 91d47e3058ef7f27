import { clearChat } from "@/lib/chats/clear";
import { getChat } from "@/lib/chats/get-chat";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Empties the context of the model at once; people still see everything.",
    params: chatPathSchema,
    response: chatSchema,
  },
  async ({ db, runtime, actor, params }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await clearChat(runtime, target);
    return getChat(db, target);
  },
);
