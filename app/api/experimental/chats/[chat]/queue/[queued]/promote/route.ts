import { promoteQueuedMessage } from "@/lib/chats/queue";
import { queuedMessagePathSchema } from "@/lib/contract/chat-queries";
import { sendMessageResponseSchema } from "@/lib/contract/messages";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Sends a queued message now: moves it to the head and interrupts a running turn.",
    params: queuedMessagePathSchema,
    response: sendMessageResponseSchema,
  },
  async ({ runtime, actor, params }) =>
    promoteQueuedMessage(runtime, { chatId: params.chat, ownerId: actor.userId, queueId: params.queued }),
);
