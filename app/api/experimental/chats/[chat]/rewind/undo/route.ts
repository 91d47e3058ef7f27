import { chatPathSchema } from "@/lib/contract/chat-queries";
import { rewoundSchema } from "@/lib/contract/rewind";
import { undo } from "@/lib/repositories/rewind";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Undoes the latest rewind, messages and files, unless something was said since.",
    params: chatPathSchema,
    response: rewoundSchema,
  },
  async ({ request, runtime, db, actor, params }) =>
    undo({ ...runtime, db }, { chatId: params.chat, ownerId: actor.userId, signal: request.signal }),
);
