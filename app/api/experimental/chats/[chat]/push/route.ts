import { chatPathSchema } from "@/lib/contract/chat-queries";
import { pushedSchema, pushSchema } from "@/lib/contract/working-tree";
import { pushBranch } from "@/lib/repositories/commit";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Pushes the current branch of the chat's workspace; a refusal answers 409 with the host's reason.",
    params: chatPathSchema,
    body: pushSchema,
    response: pushedSchema,
  },
  async ({ request, runtime, db, actor, params, body }) =>
    pushBranch({ ...runtime, db }, { ...body, chatId: params.chat, ownerId: actor.userId, signal: request.signal }),
);
