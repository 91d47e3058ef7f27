import { findChatCost } from "@/db/queries/chat-cost";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatCostSchema } from "@/lib/contract/costs";
import { notFound } from "@/lib/contract/errors";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Sums what a chat and its whole tree cost, in micro-dollars.",
    params: chatPathSchema,
    response: chatCostSchema,
  },
  async ({ db, actor, params }) => {
    const cost = await findChatCost(db, { chatId: params.chat, ownerId: actor.userId });
    if (!cost) throw notFound();
    return cost;
  },
);
