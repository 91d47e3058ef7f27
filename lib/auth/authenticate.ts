/** Who is asking: a session cookie or a bearer token, one indexed join. Refuses cross-origin requests made with a cookie. */
import type { Database } from "@/db/client";
import { findTokenOwner, touchToken } from "@/db/queries/tokens";
import { ApiError } from "@/lib/contract/errors";
import { sha256 } from "@/lib/ids";
import { log } from "@/lib/log";
import type { Actor } from "./actor";
import { isRead, requireSameOrigin } from "./origin";
import { scopesAllow } from "./scopes";
import { findSessionViewer, readCookie, sessionCookieName } from "./session";

/**
 * A request with an `Authorization` header is judged by it alone, the cookie is not looked at.
 * @throws ApiError `unauthorized` without a valid credential, `forbidden` on a foreign origin or a missing scope.
 */
export async function authenticate(request: Request, options: { db: Database; accessUrl: string }): Promise<Actor> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) return authenticateToken(request, { db: options.db, authorization });
  const cookie = readCookie(request, sessionCookieName(options.accessUrl));
  const viewer = await findSessionViewer({ db: options.db, cookie });
  if (!viewer) throw unauthorized("Sign in, or send an API token as Authorization: Bearer <token>.");
  requireSameOrigin(request, { accessUrl: options.accessUrl, allowAbsent: isRead(request.method) });
  return viewer.actor;
}

async function authenticateToken(request: Request, options: { db: Database; authorization: string }): Promise<Actor> {
  const token = /^Bearer +(\S.*)$/i.exec(options.authorization)?.[1];
  if (!token) throw unauthorized("The Authorization header must be: Bearer <token>.");
  const sql = options.db.$client;
  const owner = await findTokenOwner(sql, { tokenHash: sha256(token.trimEnd()) });
  if (!owner) throw unauthorized("The API token is unknown, expired or revoked, or its owner is suspended.");
  const { isTouchDue, ...person } = owner;
  if (isTouchDue) {
    touchToken(sql, { tokenId: owner.credentialId }).catch((err: unknown) =>
      log.warn("recording the use of an API token failed", { err }),
    );
  }
  const { pathname } = new URL(request.url);
  if (!scopesAllow(person.scopes, { method: request.method, pathname })) {
    throw new ApiError(
      "forbidden",
      `The API token is limited to ${person.scopes?.join(", ")}, which does not cover ${request.method} ${pathname}.`,
    );
  }
  return { ...person, via: "token" };
}

const unauthorized = (message: string): ApiError =>
  new ApiError("unauthorized", message, { headers: { "www-authenticate": "Bearer" } });
