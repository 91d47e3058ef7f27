import { hostPathSchema } from "@/lib/contract/external-auth";
import { removeLink } from "@/lib/external-auth/links";
import { route } from "@/lib/server/http";

export const DELETE = route(
  {
    access: "member",
    summary: "Forgets the caller's account on a git host and revokes its token there.",
    params: hostPathSchema,
    status: 204,
  },
  async ({ runtime, db, actor, params, request }) =>
    removeLink({ ...runtime, db }, { userId: actor.userId, hostId: params.host, signal: request.signal }),
);
