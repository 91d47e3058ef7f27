import { z } from "zod";
import { listPrompts } from "@/db/queries/messages";
import { requireChat } from "@/lib/chats/get-chat";
import { chatPathSchema, listPromptsQuerySchema } from "@/lib/contract/chat-queries";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Lists the texts the caller sent to a chat, newest first.",
    params: chatPathSchema,
    query: listPromptsQuerySchema,
    response: z.array(z.string()),
  },
  async ({ db, actor, params, query }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await requireChat(db, target);
    return listPrompts(db, { ...target, limit: query.limit });
  },
);
