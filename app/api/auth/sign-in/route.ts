import { deviceCookieName, openDevice } from "@/lib/auth/device";
import { requireSameOrigin } from "@/lib/auth/origin";
import { senderOf } from "@/lib/auth/sender";
import { readCookie, sessionCookieName } from "@/lib/auth/session";
import { signIn } from "@/lib/auth/sign-in";
import { signInLimitOf } from "@/lib/auth/sign-in-limit";
import { signedInResponse } from "@/lib/auth/signed-in-response";
import { signInSchema, userSchema } from "@/lib/contract/users";
import { route } from "@/lib/server/http";

export const POST = route(
  { access: "public", summary: "Signs in with email and password.", body: signInSchema, response: userSchema },
  async ({ request, runtime, db, body }) => {
    const { accessUrl, secrets } = runtime;
    requireSameOrigin(request, { accessUrl, allowAbsent: true });
    const deviceCookie = readCookie(request, deviceCookieName(accessUrl));
    const signedIn = await signIn({
      db,
      limit: signInLimitOf(runtime.clock),
      email: body.email,
      password: body.password,
      sender: senderOf(request),
      device: openDevice(secrets, { cookie: deviceCookie, email: body.email }),
      userAgent: request.headers.get("user-agent"),
      previousSession: readCookie(request, sessionCookieName(accessUrl)),
    });
    return signedInResponse({ ...signedIn, status: 200, accessUrl, secrets });
  },
);
