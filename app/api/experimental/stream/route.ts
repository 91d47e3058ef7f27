import { z } from "zod";
import { BUILD_HEADER } from "@/lib/contract/sse";
import { route } from "@/lib/server/http";
import { parseMultiplexed } from "@/lib/streams/parse-request";

/** A cursor has at most 150 characters, a chat's id 36. */
const chat = z.string().max(512);

export const GET = route(
  {
    access: "member",
    summary: "Streams several chats, and the caller's list, on one connection.",
    query: z.strictObject({
      watch: z.enum(["0", "1"]).optional(),
      /** Of the list. */
      cursor: z.string().max(512).optional(),
      chat: z.union([chat, z.array(chat).max(30, "At most 30 chats on one connection.")]).optional(),
    }),
  },
  async ({ request, runtime, actor, query }) => {
    const asked = parseMultiplexed({ request, query, bootId: runtime.streams.bootId });
    const response = await runtime.streams.open({ request, actor, ...asked });
    response.headers.set(BUILD_HEADER, runtime.build);
    return response;
  },
);
