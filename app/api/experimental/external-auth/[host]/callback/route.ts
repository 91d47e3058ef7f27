import { z } from "zod";
import { isApiError } from "@/lib/contract/errors";
import { hostPathSchema } from "@/lib/contract/external-auth";
import { finishConnect } from "@/lib/external-auth/links";
import { route } from "@/lib/server/http";

/** What hosts append; `iss` is RFC 9207's, the last two are GitHub Apps'. */
const query = z.strictObject({
  code: z.string().max(4096).optional(),
  state: z.string().max(4096).optional(),
  error: z.string().max(4096).optional(),
  error_description: z.string().max(4096).optional(),
  error_uri: z.string().max(4096).optional(),
  iss: z.string().max(4096).optional(),
  setup_action: z.string().max(4096).optional(),
  installation_id: z.string().max(4096).optional(),
});

export const GET = route(
  {
    access: "member",
    summary: "Where a git host sends the browser back; leads to the settings, with the outcome.",
    params: hostPathSchema,
    query,
    status: 303,
  },
  async ({ runtime, db, actor, params, query, request }) => {
    const call = { userId: actor.userId, hostId: params.host, signal: request.signal, accessUrl: runtime.accessUrl };
    const { code = "", state = "" } = query;
    const outcome = query.error
      ? { error: query.error_description ?? query.error }
      : await finishConnect({ ...runtime, db }, { ...call, code, state }).then(
          ({ id }) => ({ linked: id }),
          (error: unknown) => {
            if (!isApiError(error) || error.code === "not_found") throw error;
            return { error: error.message };
          },
        );
    const location = `${runtime.accessUrl}/settings/git?${new URLSearchParams(outcome as Record<string, string>)}`;
    return new Response(null, { status: 303, headers: { location, "cache-control": "no-store" } });
  },
);
