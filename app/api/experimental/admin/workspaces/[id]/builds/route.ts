import { z } from "zod";
import { findWorkspaceOwner } from "@/db/queries/administered-workspaces";
import { findBuild } from "@/db/queries/workspaces";
import { notFound } from "@/lib/contract/errors";
import { buildSchema, createAdministratorsBuildSchema } from "@/lib/contract/workspaces";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "admin",
    summary: "Stops or deletes anybody's workspace.",
    params: z.object({ id: z.uuid() }),
    body: createAdministratorsBuildSchema,
    response: buildSchema,
    status: 201,
  },
  async ({ db, runtime, params: { id: workspaceId }, body }) => {
    const ownerId = await findWorkspaceOwner(db, { id: workspaceId });
    if (!ownerId) throw notFound();
    const { buildId } = await runtime.workspaces.build({ workspaceId, transition: body.transition });
    return findBuild(db, { id: buildId, workspaceId, ownerId });
  },
);
