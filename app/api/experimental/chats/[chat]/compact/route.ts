import { compactChat } from "@/lib/chats/compact";
import { getChat } from "@/lib/chats/get-chat";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Asks for a summary in the place of what the model has seen; no turn follows.",
    params: chatPathSchema,
    response: chatSchema,
    status: 202,
  },
  async ({ db, runtime, actor, params }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await compactChat(runtime, target);
    return getChat(db, target);
  },
);
