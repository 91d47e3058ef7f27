/** The session cookie: its name, its value, who it stands for. Writes sessions; answers no request. */
import type { Database, Executor } from "@/db/client";
import { findSessionOwner, insertSession, touchSession } from "@/db/queries/sessions";
import type { User } from "@/lib/contract/users";
import { newId, newSecret, sha256 } from "@/lib/ids";
import { log } from "@/lib/log";
import type { Actor } from "./actor";

/** 30 days: a person who comes back once a month stays signed in. */
const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;
/** Longer than any browser's own; the header is the sender's to choose. */
const MAX_USER_AGENT_LENGTH = 400;

const isSecure = (accessUrl: string): boolean => accessUrl.startsWith("https:");

/** `__Host-` where the address is https: such a cookie cannot be set by a sibling host or over http. */
export const sessionCookieName = (accessUrl: string): string =>
  isSecure(accessUrl) ? "__Host-slipway_session" : "slipway_session";

export type Viewer = { actor: Actor; user: User };

/** The person behind a cookie value; null when there is none, it is unknown or expired, or the person is suspended. */
export async function findSessionViewer(options: { db: Database; cookie: string | undefined }): Promise<Viewer | null> {
  if (!options.cookie) return null;
  const sql = options.db.$client;
  const owner = await findSessionOwner(sql, { tokenHash: sha256(options.cookie) });
  if (!owner) return null;
  const { credentialId, user } = owner;
  if (owner.isTouchDue) {
    touchSession(sql, { sessionId: credentialId }).catch((err: unknown) =>
      log.warn("recording the use of a session failed", { err }),
    );
  }
  const { id: userId, username, role } = user;
  return { actor: { userId, username, role, via: "session", credentialId, scopes: null }, user };
}

/** The value of one cookie of a request. */
export function readCookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** Starts a session. Returns the cookie's value, which is stored nowhere. */
export async function startSession(
  executor: Executor,
  options: { userId: string; userAgent: string | null },
): Promise<string> {
  const value = newSessionValue();
  await insertSession(executor, {
    id: newId(),
    userId: options.userId,
    tokenHash: sha256(value),
    userAgent: (options.userAgent ?? "").slice(0, MAX_USER_AGENT_LENGTH),
    lifetimeMs: SESSION_LIFETIME_MS,
  });
  return value;
}

/** A fresh cookie value. */
export const newSessionValue = (): string => newSecret("slps_");

/** The `Set-Cookie` header of a session; undefined as the value removes it. Lax, so that a link from a mail opens signed in. */
export function sessionCookie(options: { accessUrl: string; value: string | undefined }): string {
  const maxAgeSeconds = options.value === undefined ? 0 : SESSION_LIFETIME_MS / 1000;
  return httpOnlyCookie({
    accessUrl: options.accessUrl,
    name: sessionCookieName(options.accessUrl),
    value: options.value ?? "",
    maxAgeSeconds,
  });
}

/** A `Set-Cookie` header that no script can read. */
export function httpOnlyCookie(options: {
  accessUrl: string;
  name: string;
  value: string;
  maxAgeSeconds: number;
}): string {
  const secure = isSecure(options.accessUrl) ? "; Secure" : "";
  return `${options.name}=${options.value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${options.maxAgeSeconds}${secure}`;
}
