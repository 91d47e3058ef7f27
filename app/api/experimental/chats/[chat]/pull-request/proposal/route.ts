import { chatPathSchema } from "@/lib/contract/chat-queries";
import { pullRequestProposalSchema } from "@/lib/contract/working-tree";
import { proposePullRequest } from "@/lib/repositories/proposal";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Has a model propose title and body of a pull request from what was asked and said.",
    params: chatPathSchema,
    response: pullRequestProposalSchema,
  },
  async ({ request, runtime, db, actor, params }) =>
    proposePullRequest({ ...runtime, db }, { chatId: params.chat, ownerId: actor.userId, signal: request.signal }),
);
