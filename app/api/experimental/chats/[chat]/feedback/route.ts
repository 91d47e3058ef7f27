import { findFeedbackChoice } from "@/db/queries/feedback";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { notFound } from "@/lib/contract/errors";
import { feedbackSchema, MAX_FEEDBACK_ROUNDS } from "@/lib/contract/working-tree";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Reads whether comments and failed checks of the pull request wake the chat, and how often they did.",
    params: chatPathSchema,
    response: feedbackSchema,
  },
  async ({ runtime, actor, params }) => {
    const choice = await findFeedbackChoice(runtime.sql, { chatId: params.chat, ownerId: actor.userId });
    if (!choice) throw notFound();
    return { ...choice, max_rounds: MAX_FEEDBACK_ROUNDS };
  },
);
