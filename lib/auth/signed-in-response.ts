/** The answer that signs a browser in. Builds a response; checks nothing. */
import type { User } from "@/lib/contract/users";
import type { SecretBox } from "@/lib/secret-box";
import { DEVICE_LIFETIME_SECONDS, deviceCookieName, sealDevice } from "./device";
import { httpOnlyCookie, sessionCookie } from "./session";

/** The person as JSON, with the cookies of session and device. */
export function signedInResponse(options: {
  user: User;
  session: string;
  status: 200 | 201;
  accessUrl: string;
  secrets: SecretBox;
}): Response {
  const { user, accessUrl } = options;
  const response = Response.json(user, { status: options.status });
  const device = httpOnlyCookie({
    accessUrl,
    name: deviceCookieName(accessUrl),
    value: sealDevice(options.secrets, { email: user.email }),
    maxAgeSeconds: DEVICE_LIFETIME_SECONDS,
  });
  response.headers.append("set-cookie", sessionCookie({ accessUrl, value: options.session }));
  response.headers.append("set-cookie", device);
  return response;
}
