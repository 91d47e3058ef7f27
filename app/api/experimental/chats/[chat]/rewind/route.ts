import { z } from "zod";
import { chatPathSchema, integerText } from "@/lib/contract/chat-queries";
import { rewindPreviewSchema, rewindSchema, rewoundSchema } from "@/lib/contract/rewind";
import { previewRewind, rewind } from "@/lib/repositories/rewind";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary:
      "Says what a rewind to a message would do: messages that go, files, chats that share them. Without a message: whether the last one can be undone.",
    params: chatPathSchema,
    query: z.strictObject({ message_id: integerText({ min: 1, max: Number.MAX_SAFE_INTEGER }).optional() }),
    response: rewindPreviewSchema,
  },
  async ({ runtime, db, actor, params, query }) =>
    previewRewind({ ...runtime, db }, { chatId: params.chat, ownerId: actor.userId, messageId: query.message_id }),
);

export const POST = route(
  {
    access: "member",
    summary:
      "Takes chat and files back together: the message stays, what came after it goes. 409 while anyone works in the files.",
    params: chatPathSchema,
    body: rewindSchema,
    response: rewoundSchema,
  },
  async ({ request, runtime, db, actor, params, body }) =>
    rewind(
      { ...runtime, db },
      { chatId: params.chat, ownerId: actor.userId, messageId: body.message_id, signal: request.signal },
    ),
);
