/** The person a request acts for. Types only. */
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
