import { chatPathSchema } from "@/lib/contract/chat-queries";
import { createdPullRequestSchema, createPullRequestSchema } from "@/lib/contract/working-tree";
import { openPullRequest } from "@/lib/repositories/pull-request";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Opens a pull request, a draft unless told otherwise, for the branch that the chat pushed.",
    params: chatPathSchema,
    body: createPullRequestSchema,
    response: createdPullRequestSchema,
    status: 201,
  },
  async ({ request, runtime, db, actor, params, body }) =>
    openPullRequest(
      { ...runtime, db },
      { ...body, chatId: params.chat, ownerId: actor.userId, signal: request.signal },
    ),
);
