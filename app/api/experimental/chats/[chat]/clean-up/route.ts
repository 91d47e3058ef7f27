import { findBuild } from "@/db/queries/workspaces";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { cleanUpSchema } from "@/lib/contract/working-tree";
import { buildSchema } from "@/lib/contract/workspaces";
import { cleanUpWorkspace } from "@/lib/repositories/clean-up";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Deletes the chat's workspace; 409 while others use it or work in it was not pushed, unless forced.",
    params: chatPathSchema,
    body: cleanUpSchema,
    response: buildSchema,
    status: 201,
  },
  async ({ request, runtime, db, actor, params, body }) => {
    const ownerId = actor.userId;
    const call = { ...body, chatId: params.chat, ownerId, signal: request.signal };
    const { workspaceId, buildId } = await cleanUpWorkspace({ ...runtime, db }, call);
    return findBuild(db, { id: buildId, workspaceId, ownerId });
  },
);
