import { unarchiveChat } from "@/lib/chats/archive";
import { getChat } from "@/lib/chats/get-chat";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Brings an archived chat back: a root with its whole tree, a subagent alone.",
    params: chatPathSchema,
    response: chatSchema,
  },
  async ({ db, runtime, actor, params }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await unarchiveChat(runtime, target);
    return getChat(db, target);
  },
);
