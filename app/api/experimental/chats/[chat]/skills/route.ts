import { getChat } from "@/lib/chats/get-chat";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { skillsSchema } from "@/lib/contract/workspaces";
import { route } from "@/lib/server/http";

/** A menu does not wait for a workspace that is starting. */
const WAIT_MS = 3_000;

export const GET = route(
  {
    access: "member",
    summary: "Lists the skills of the chat's workspace; none while it does not run.",
    params: chatPathSchema,
    response: skillsSchema,
  },
  async ({ db, runtime, actor, params, request }) => {
    const chat = await getChat(db, { chatId: params.chat, ownerId: actor.userId });
    if (!chat.workspace_id) return [];
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(WAIT_MS)]);
    const connection = await runtime.workspaces.find({ workspaceId: chat.workspace_id, signal }).catch(() => undefined);
    const instructions = await connection?.instructions(signal).catch(() => undefined);
    return instructions?.skills ?? [];
  },
);
