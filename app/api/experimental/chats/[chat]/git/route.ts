import { chatPathSchema } from "@/lib/contract/chat-queries";
import { streamChanges } from "@/lib/repositories/changes-stream";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Streams what differs in the repositories of the chat's workspace: everything first, then what changes.",
    params: chatPathSchema,
  },
  async ({ request, runtime, db, actor, params }) =>
    streamChanges(
      { ...runtime, db },
      { request, actor, chatId: params.chat, lastEventId: request.headers.get("last-event-id") },
    ),
);
