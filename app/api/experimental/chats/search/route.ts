import { z } from "zod";
import { searchChats } from "@/db/queries/chat-search";
import { searchChatsQuerySchema } from "@/lib/contract/chat-queries";
import { searchHitSchema } from "@/lib/contract/chat-search";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Finds words in the titles and messages of the caller's chats; q also takes the filters of the list.",
    query: searchChatsQuerySchema,
    response: z.array(searchHitSchema),
  },
  async ({ db, actor, query }) => searchChats(db, { ownerId: actor.userId, filter: query.q, limit: query.limit }),
);
