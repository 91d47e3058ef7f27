import { deleteSessionByHash } from "@/db/queries/sessions";
import { requireSameOrigin } from "@/lib/auth/origin";
import { readCookie, sessionCookie, sessionCookieName } from "@/lib/auth/session";
import { sha256 } from "@/lib/ids";
import { route } from "@/lib/server/http";

export const POST = route(
  { access: "public", summary: "Ends the session of the cookie, if there is one." },
  async ({ request, runtime, db }) => {
    const { accessUrl } = runtime;
    const cookie = readCookie(request, sessionCookieName(accessUrl));
    requireSameOrigin(request, { accessUrl, allowAbsent: cookie === undefined });
    if (cookie) await deleteSessionByHash(db, { tokenHash: sha256(cookie) });
    return new Response(null, {
      status: 204,
      headers: { "set-cookie": sessionCookie({ accessUrl, value: undefined }) },
    });
  },
);
