import { z } from "zod";
import { findBuild, findWorkspace } from "@/db/queries/workspaces";
import { notFound } from "@/lib/contract/errors";
import { buildSchema, createBuildSchema } from "@/lib/contract/workspaces";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Begins a build: start, stop or delete.",
    params: z.object({ id: z.uuid() }),
    body: createBuildSchema,
    response: buildSchema,
    status: 201,
  },
  async ({ db, actor, runtime, params: { id: workspaceId }, body }) => {
    const own = await findWorkspace(db, { id: workspaceId, ownerId: actor.userId });
    if (!own) throw notFound();
    const { buildId } = await runtime.workspaces.build({ workspaceId, transition: body.transition });
    return findBuild(db, { id: buildId, workspaceId, ownerId: actor.userId });
  },
);
