import { z } from "zod";
import { acceptChat } from "@/lib/chats/accept";
import { getChat } from "@/lib/chats/get-chat";
import { readIdempotencyKey } from "@/lib/chats/idempotency";
import { listPage } from "@/lib/chats/list-page";
import { listChatsQuerySchema } from "@/lib/contract/chat-queries";
import { chatSchema, createChatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Lists the caller's chats: pinned ones first, then the latest; subagents are embedded as children.",
    query: listChatsQuerySchema,
    response: z.array(chatSchema),
  },
  async ({ db, actor, query }) => listPage(db, { ownerId: actor.userId, query }),
);

export const POST = route(
  {
    access: "member",
    summary: "Starts a chat with its first message. Takes an Idempotency-Key.",
    body: createChatSchema,
    response: chatSchema,
    status: 201,
  },
  async ({ request, db, runtime, actor, body }) => {
    const ownerId = actor.userId;
    const idempotent = readIdempotencyKey(request, { userId: ownerId, body });
    const { chatId } = await acceptChat(runtime, { ownerId, body, idempotent });
    return getChat(db, { chatId, ownerId });
  },
);
