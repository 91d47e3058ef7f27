/** Sessions: who holds a cookie. Knows hashes only, never a cookie's value. */
import { and, desc, eq, ne, type SQL, sql } from "drizzle-orm";
import type { Executor, SqlExecutor } from "@/db/client";
import { sessions } from "@/db/schema";
import type { TokenScope, User, UserRole } from "@/lib/contract/users";

/** The person behind a live credential. */
export type CredentialOwner = {
  credentialId: string;
  userId: string;
  username: string;
  role: UserRole;
  scopes: TokenScope[] | null;
  /** Its last use is recorded more than a minute ago. */
  isTouchDue: boolean;
};

export type Session = {
  id: string;
  userAgent: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
};

/** More than the devices of one person; the oldest go first, so the list has an end. */
const MAX_SESSIONS_PER_USER = 50;

export type SessionOwner = { credentialId: string; isTouchDue: boolean; user: User };

/**
 * The person of a live session, undefined when it is unknown or expired or the person is suspended.
 * Hot: every request of a browser. Index scan on `sessions_token_hash_unique`, then on `users_pkey`.
 */
export async function findSessionOwner(
  executor: SqlExecutor,
  options: { tokenHash: string },
): Promise<SessionOwner | undefined> {
  const [row] = await executor<(User & Omit<SessionOwner, "user">)[]>`
    SELECT s.id AS "credentialId", s.last_seen_at < now() - interval '1 minute' AS "isTouchDue",
      u.id, u.email, u.username, u.name, u.role, u.avatar_url, u.suspended, u.created_at
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.token_hash = ${options.tokenHash} AND s.expires_at > now() AND NOT u.suspended`;
  if (!row) return undefined;
  const { credentialId, isTouchDue, ...user } = row;
  return { credentialId, isTouchDue, user };
}

/** Records that a session was used. */
export async function touchSession(executor: SqlExecutor, options: { sessionId: string }): Promise<void> {
  await executor`
    UPDATE sessions SET last_seen_at = now()
    WHERE id = ${options.sessionId} AND last_seen_at < now() - interval '1 minute'`;
}

/** Adds a session that ends after `lifetimeMs`, and drops the person's expired and oldest ones beyond the limit. */
export async function insertSession(
  executor: Executor,
  options: { id: string; userId: string; tokenHash: string; userAgent: string; lifetimeMs: number },
): Promise<void> {
  const { lifetimeMs, ...values } = options;
  await executor.insert(sessions).values({ ...values, expiresAt: inFuture(lifetimeMs) as unknown as string });
  await executor.execute(sql`
    DELETE FROM sessions WHERE user_id = ${options.userId} AND (expires_at <= now() OR id IN (
      SELECT id FROM sessions WHERE user_id = ${options.userId}
      ORDER BY created_at DESC, id OFFSET ${MAX_SESSIONS_PER_USER}))`);
}

/** Gives a session a new cookie value; the old one is worthless from then on. */
export async function updateSessionHash(
  executor: Executor,
  options: { sessionId: string; tokenHash: string },
): Promise<void> {
  await executor.update(sessions).set({ tokenHash: options.tokenHash }).where(eq(sessions.id, options.sessionId));
}

/** A person's live sessions, newest first. */
export async function listSessions(executor: Executor, options: { userId: string }): Promise<Session[]> {
  return executor
    .select({
      id: sessions.id,
      userAgent: sessions.userAgent,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .where(and(eq(sessions.userId, options.userId), sql`${sessions.expiresAt} > now()`))
    .orderBy(desc(sessions.createdAt), sessions.id)
    .limit(MAX_SESSIONS_PER_USER);
}

/** Ends a person's sessions; `exceptId` stays. */
export async function deleteSessions(
  executor: Executor,
  options: { userId: string; exceptId?: string | undefined },
): Promise<void> {
  const kept: SQL | undefined = options.exceptId ? ne(sessions.id, options.exceptId) : undefined;
  await executor.delete(sessions).where(and(eq(sessions.userId, options.userId), kept));
}

/** Whether a session of this person was ended. */
export async function deleteSession(
  executor: Executor,
  options: { userId: string; sessionId: string },
): Promise<boolean> {
  const deleted = await executor
    .delete(sessions)
    .where(and(eq(sessions.userId, options.userId), eq(sessions.id, options.sessionId)))
    .returning({ id: sessions.id });
  return deleted.length > 0;
}

/** Ends the session with this cookie hash, whoever holds it. */
export async function deleteSessionByHash(executor: Executor, options: { tokenHash: string }): Promise<void> {
  await executor.delete(sessions).where(eq(sessions.tokenHash, options.tokenHash));
}

const inFuture = (ms: number): SQL => sql`now() + ${ms} * interval '1 millisecond'`;
