import { z } from "zod";
import { findWorkspace } from "@/db/queries/workspaces";
import { notFound } from "@/lib/contract/errors";
import { workspaceSchema } from "@/lib/contract/workspaces";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Returns a workspace with its latest build.",
    params: z.object({ id: z.uuid() }),
    response: workspaceSchema,
  },
  async ({ db, actor, params: { id } }) => {
    const workspace = await findWorkspace(db, { id, ownerId: actor.userId });
    if (!workspace) throw notFound();
    return workspace;
  },
);
