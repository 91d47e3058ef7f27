import { z } from "zod";
import { listBuildLogs } from "@/db/queries/workspace-builds";
import { findBuild } from "@/db/queries/workspaces";
import { notFound } from "@/lib/contract/errors";
import { route } from "@/lib/server/http";
import { streamBuildLog } from "@/lib/workspaces/build-log-stream";

export const GET = route(
  {
    access: "member",
    summary: "Streams a build's log (SSE): the lines so far, then live, then done.",
    params: z.object({ id: z.uuid(), build: z.uuid() }),
  },
  async ({ db, actor, request, runtime, params: { id: workspaceId, build: buildId } }) => {
    const find = () => findBuild(db, { id: buildId, workspaceId, ownerId: actor.userId });
    if (!(await find())) throw notFound();
    return streamBuildLog({
      clock: runtime.clock,
      signal: request.signal,
      lastEventId: request.headers.get("last-event-id"),
      readLines: (afterSeq) => listBuildLogs(db, { buildId, afterSeq }),
      readStatus: async () => (await find())?.status ?? "deleted",
    });
  },
);
