import { requireSameOrigin } from "@/lib/auth/origin";
import { claimSetup } from "@/lib/auth/setup";
import { signedInResponse } from "@/lib/auth/signed-in-response";
import { setupSchema, userSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

export const POST = route(
  {
    access: "public",
    summary: "Creates the first administrator with the one-time token printed at start, and signs them in.",
    body: setupSchema,
    response: userSchema,
    status: 201,
  },
  async ({ request, runtime, db, body }) => {
    requireSameOrigin(request, { accessUrl: runtime.accessUrl, allowAbsent: true });
    const { setup_token: setupToken, ...person } = body;
    const userAgent = request.headers.get("user-agent");
    const claimed = await claimSetup({ db, setupToken, ...person, userAgent });
    return signedInResponse({ ...claimed, status: 201, accessUrl: runtime.accessUrl, secrets: runtime.secrets });
  },
);
