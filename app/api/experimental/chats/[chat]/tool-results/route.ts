import { getChat } from "@/lib/chats/get-chat";
import { submitToolResults } from "@/lib/chats/tool-results";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { toolResultsSchema } from "@/lib/contract/tools";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Answers every call that a paused chat waits for: questions, a plan, tools of the caller.",
    params: chatPathSchema,
    body: toolResultsSchema,
    response: chatSchema,
  },
  async ({ db, runtime, actor, params, body }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await submitToolResults(runtime, { ...target, results: body.results });
    return getChat(db, target);
  },
);
