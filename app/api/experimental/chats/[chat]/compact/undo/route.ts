import { getChat } from "@/lib/chats/get-chat";
import { undoCompact } from "@/lib/chats/undo-compact";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Takes the newest summary or clearing back, so that the model sees what stood before it again.",
    params: chatPathSchema,
    response: chatSchema,
  },
  async ({ db, runtime, actor, params }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await undoCompact(runtime, target);
    return getChat(db, target);
  },
);
