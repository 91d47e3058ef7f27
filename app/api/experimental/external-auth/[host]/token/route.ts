import { externalAuthSchema, hostPathSchema, putExternalTokenSchema } from "@/lib/contract/external-auth";
import { linkToken } from "@/lib/external-auth/links";
import { route } from "@/lib/server/http";

export const PUT = route(
  {
    access: "member",
    summary: "Links the account that a pasted token is for; the host is asked whose it is.",
    params: hostPathSchema,
    body: putExternalTokenSchema,
    response: externalAuthSchema,
  },
  async ({ runtime, db, actor, params, body, request }) => {
    const call = { userId: actor.userId, hostId: params.host, signal: request.signal };
    return linkToken({ ...runtime, db }, { ...call, token: body.token });
  },
);
