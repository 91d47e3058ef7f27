import { getChat } from "@/lib/chats/get-chat";
import { patchChat } from "@/lib/chats/patch-chat";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema, patchChatSchema } from "@/lib/contract/chats";
import { route } from "@/lib/server/http";

export const GET = route(
  { access: "member", summary: "Reads a chat with its subagents.", params: chatPathSchema, response: chatSchema },
  async ({ db, actor, params }) => getChat(db, { chatId: params.chat, ownerId: actor.userId }),
);

export const PATCH = route(
  {
    access: "member",
    summary:
      "Changes title, pin, labels (replaced as a whole), workspace, plan mode, spend limit or feedback of a chat.",
    params: chatPathSchema,
    body: patchChatSchema,
    response: chatSchema,
  },
  async ({ db, runtime, actor, params, body }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await patchChat(runtime, {
      ...target,
      title: body.title,
      labels: body.labels,
      workspaceId: body.workspace_id,
      planMode: body.plan_mode,
      spendLimitMicros: body.spend_limit_micros,
      pullRequestFeedback: body.pull_request_feedback,
      pinned: body.pinned,
      pinOrder: body.pin_order,
    });
    return getChat(db, target);
  },
);
