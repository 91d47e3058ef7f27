import { hostPathSchema } from "@/lib/contract/external-auth";
import { beginConnect } from "@/lib/external-auth/links";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Sends the browser to a git host to link an account by OAuth, with state and PKCE.",
    params: hostPathSchema,
    status: 302,
  },
  async ({ runtime, db, actor, params }) => {
    const { accessUrl } = runtime;
    const { url } = await beginConnect({ ...runtime, db }, { userId: actor.userId, hostId: params.host, accessUrl });
    return new Response(null, { status: 302, headers: { location: url, "cache-control": "no-store" } });
  },
);
