/** Who is asking: a session cookie or a bearer token, one indexed join. Refuses cross-origin writes made with a cookie. */
import type { Database } from "@/db/client";
import type { TokenScope, UserRole } from "@/lib/contract/users";

export type Actor = {
  userId: string;
  username: string;
  role: UserRole;
  /** How the request was authenticated; a session needs a same-origin `Origin` on writes. */
  via: "session" | "token";
  /** Of the session or token, to end streams when it is revoked. */
  credentialId: string;
  /** Null: everything the person may do. */
  scopes: TokenScope[] | null;
};

/** @throws ApiError `unauthorized` without a valid credential, `forbidden` on a foreign origin or a missing scope. */
export async function authenticate(_request: Request, _options: { db: Database; accessUrl: string }): Promise<Actor> {
  throw new Error("unfinished");
}
