import { externalAuthTestSchema, hostPathSchema } from "@/lib/contract/external-auth";
import { testLink } from "@/lib/external-auth/links";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "member",
    summary: "Asks a git host whether the caller's token works, and for whom.",
    params: hostPathSchema,
    response: externalAuthTestSchema,
  },
  async ({ runtime, db, actor, params, request }) =>
    testLink({ ...runtime, db }, { userId: actor.userId, hostId: params.host, signal: request.signal }),
);
