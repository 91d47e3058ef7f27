import { getChat } from "@/lib/chats/get-chat";
import { interruptChat } from "@/lib/chats/interrupt";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Stops a running turn and keeps its partial answer; an idle chat stays as it is.",
    params: chatPathSchema,
    response: chatSchema,
  },
  async ({ db, runtime, actor, params }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await interruptChat(runtime, target);
    return getChat(db, target);
  },
);
