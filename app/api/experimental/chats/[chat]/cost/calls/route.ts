import { listChatCalls } from "@/db/queries/chat-cost";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatCallsQuerySchema, chatCallsSchema } from "@/lib/contract/costs";
import { notFound } from "@/lib/contract/errors";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "The paid calls of a chat's tree, newest first, each with the price in force then.",
    params: chatPathSchema,
    query: chatCallsQuerySchema,
    response: chatCallsSchema,
  },
  async ({ db, actor, params, query }) => {
    const page = await listChatCalls(db, { chatId: params.chat, ownerId: actor.userId, ...query });
    if (!page) throw notFound();
    return page;
  },
);
