import { getChat } from "@/lib/chats/get-chat";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatSchema } from "@/lib/contract/chats";
import { putGitReferenceSchema } from "@/lib/contract/git";
import { putGitReference } from "@/lib/gitsync/link";
import { route } from "@/lib/server/http";

export const PUT = route(
  {
    access: "member",
    summary: "Links a branch or a pull request to a chat by hand; the git host is read again at once.",
    params: chatPathSchema,
    body: putGitReferenceSchema,
    response: chatSchema,
  },
  async ({ runtime, db, actor, params, body }) => {
    const target = { chatId: params.chat, ownerId: actor.userId };
    await putGitReference(runtime, { ...target, body });
    return getChat(db, target);
  },
);
