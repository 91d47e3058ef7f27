import { z } from "zod";
import { findWorkspace, listWorkspaces } from "@/db/queries/workspaces";
import { createWorkspaceSchema, workspaceSchema } from "@/lib/contract/workspaces";
import { route } from "@/lib/server/http";

export const GET = route(
  { access: "member", summary: "Lists the caller's workspaces, newest first.", response: z.array(workspaceSchema) },
  ({ db, actor }) => listWorkspaces(db, { ownerId: actor.userId }),
);

export const POST = route(
  {
    access: "member",
    summary: "Creates a workspace and begins to start it.",
    body: createWorkspaceSchema,
    response: workspaceSchema,
    status: 201,
  },
  async ({ db, actor, runtime, body: { template_id: templateId, ...body } }) => {
    const { workspaceId } = await runtime.workspaces.create({ ownerId: actor.userId, templateId, ...body });
    return findWorkspace(db, { id: workspaceId, ownerId: actor.userId });
  },
);
