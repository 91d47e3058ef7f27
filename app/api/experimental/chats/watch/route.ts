import { z } from "zod";
import { route } from "@/lib/server/http";
import { lastEventId, watchPositionOf } from "@/lib/streams/parse-request";

export const GET = route(
  {
    access: "member",
    summary: "Streams what changes in the caller's list of chats.",
    query: z.strictObject({ cursor: z.string().max(512).optional() }),
  },
  async ({ request, runtime, actor, query }) => {
    const from = watchPositionOf(runtime.streams.bootId, lastEventId(request) ?? query.cursor);
    return runtime.streams.open({ request, actor, chats: [], watch: { from }, endsWithChat: false });
  },
);
