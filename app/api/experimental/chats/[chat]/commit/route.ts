import { chatPathSchema } from "@/lib/contract/chat-queries";
import { commitSchema, committedSchema } from "@/lib/contract/working-tree";
import { commitChanges } from "@/lib/repositories/commit";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Commits everything that is not ignored, on a branch that may be pushed.",
    params: chatPathSchema,
    body: commitSchema,
    response: committedSchema,
    status: 201,
  },
  async ({ request, runtime, db, actor, params, body }) =>
    commitChanges({ ...runtime, db }, { ...body, chatId: params.chat, ownerId: actor.userId, signal: request.signal }),
);
