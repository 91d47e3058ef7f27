import { exportChat } from "@/lib/chats/export-chat";
import { chatPathSchema, exportChatQuerySchema, exportedChatSchema } from "@/lib/contract/chat-queries";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Downloads a chat with its whole history, as Markdown or JSON.",
    params: chatPathSchema,
    query: exportChatQuerySchema,
    response: exportedChatSchema,
    produces: ["text/markdown"],
  },
  async ({ db, actor, params, query }) =>
    exportChat(db, { chatId: params.chat, ownerId: actor.userId, format: query.format }),
);
