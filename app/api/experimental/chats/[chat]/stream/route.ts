import { z } from "zod";
import { route } from "@/lib/server/http";
import { afterIdSchema, lastEventId, positionOf } from "@/lib/streams/parse-request";

export const GET = route(
  {
    access: "member",
    summary: "Streams a chat: what the client lacks, then live.",
    params: z.object({ chat: z.uuid().toLowerCase() }),
    query: z.strictObject({ after_id: afterIdSchema.optional(), cursor: z.string().max(512).optional() }),
  },
  async ({ request, runtime, actor, params, query }) => {
    const cursor = lastEventId(request) ?? query.cursor;
    const from = positionOf({ chatId: params.chat, cursor, afterId: query.after_id });
    return runtime.streams.open({ request, actor, chats: [{ chatId: params.chat, from }], endsWithChat: true });
  },
);
