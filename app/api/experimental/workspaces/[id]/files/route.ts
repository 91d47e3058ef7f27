import { z } from "zod";
import { findWorkspace } from "@/db/queries/workspaces";
import { notFound } from "@/lib/contract/errors";
import { findFilesQuerySchema, foundFilesSchema } from "@/lib/contract/workspaces";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Finds files of a running workspace by a part of their path, best matches first.",
    params: z.object({ id: z.uuid() }),
    query: findFilesQuerySchema,
    response: foundFilesSchema,
  },
  async ({ request, db, actor, runtime, params: { id }, query: { q, limit } }) => {
    const own = await findWorkspace(db, { id, ownerId: actor.userId });
    if (!own) throw notFound();
    return runtime.workspaces.findFiles({ workspaceId: id, query: q, limit, signal: request.signal });
  },
);
