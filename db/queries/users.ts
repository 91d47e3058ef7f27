/**
 * People. Decides nothing about who may read or change whom. A deleted person is found by `findPerson` alone: whoever asks
 * for an account has none.
 */
import { and, asc, eq, ilike, isNull, or, type SQL, sql } from "drizzle-orm";
import type { Executor, SqlExecutor, Transaction } from "@/db/client";
import {
  apiTokens,
  externalAuthAttempts,
  externalAuthLinks,
  idempotencyKeys,
  sessions,
  sshKeys,
  usageLimitOverrides,
  userSettings,
  users,
} from "@/db/schema";
import type { ListedUser, User, UserRole } from "@/lib/contract/users";
import type { ExternalAuthLinkRow } from "./external-auth";

/** What signing in needs to know. */
export type SignInCandidate = { user: User; passwordHash: string | null };

/** Whether anybody exists: the installation is set up. */
export async function hasUsers(executor: Executor): Promise<boolean> {
  const rows = await executor.select({ id: users.id }).from(users).limit(1);
  return rows.length > 0;
}

/** A person by id; undefined when there is none, or no more. */
export async function findUser(executor: Executor, options: { userId: string }): Promise<User | undefined> {
  const [row] = await executor.select(wireColumns).from(users).where(account(options.userId));
  return row;
}

/** Whom cost was recorded for: a person by id, deleted or not. */
export async function findPerson(
  executor: Executor,
  options: { userId: string },
): Promise<(User & { deleted: boolean }) | undefined> {
  const [row] = await executor
    .select({ ...wireColumns, deleted: sql<boolean>`${users.deletedAt} IS NOT NULL` })
    .from(users)
    .where(eq(users.id, options.userId));
  return row;
}

/** A person by e-mail address, in any case. Index scan on `users_email_unique`. */
export async function findSignInCandidate(
  executor: Executor,
  options: { email: string },
): Promise<SignInCandidate | undefined> {
  const [row] = await executor
    .select({ ...wireColumns, passwordHash: users.passwordHash })
    .from(users)
    .where(and(eq(sql`lower(${users.email})`, options.email.toLowerCase()), isNull(users.deletedAt)));
  if (!row) return undefined;
  const { passwordHash, ...user } = row;
  return { user, passwordHash };
}

/**
 * A page of everybody, by user name; `q` is looked for in names and addresses. When a person was last seen is two probes
 * a row, on `sessions_user_id` and `api_tokens_user_id`.
 */
export async function listUsers(
  executor: Executor,
  options: { limit: number; offset: number; q?: string | undefined },
): Promise<ListedUser[]> {
  const pattern = options.q && `%${options.q.replace(/[\\%_]/g, "\\$&")}%`;
  const matches =
    pattern && or(ilike(users.username, pattern), ilike(users.email, pattern), ilike(users.name, pattern));
  return executor
    .select({ ...wireColumns, last_seen_at: lastSeenAt })
    .from(users)
    .where(and(isNull(users.deletedAt), matches || undefined))
    .orderBy(asc(sql`lower(${users.username})`), users.id)
    .limit(options.limit)
    .offset(options.offset);
}

/** Adds a person; undefined when the e-mail address or the user name is taken. */
export async function insertUser(
  executor: Executor,
  options: {
    id: string;
    email: string;
    username: string;
    name: string;
    role: UserRole;
    passwordHash: string | null;
  },
): Promise<User | undefined> {
  const [row] = await executor.insert(users).values(options).onConflictDoNothing().returning(wireColumns);
  return row;
}

/** Changes what is given; undefined when there is no such person. */
export async function updateUser(
  executor: Executor,
  options: {
    userId: string;
    name?: string | undefined;
    role?: UserRole | undefined;
    suspended?: boolean | undefined;
    passwordHash?: string | undefined;
  },
): Promise<User | undefined> {
  const { userId, ...changes } = options;
  const [row] = await executor
    .update(users)
    .set({ ...changes, updatedAt: databaseNow })
    .where(account(userId))
    .returning(wireColumns);
  return row;
}

/**
 * Ends an account for good: address, password and all that it signs in or works with. Name and user name stay for the cost
 * that was recorded, and are free for others. Returns the links to git hosts that were removed; undefined when there is no
 * such person.
 */
export async function deleteAccount(
  transaction: Transaction,
  { userId }: { userId: string },
): Promise<ExternalAuthLinkRow[] | undefined> {
  const [row] = await transaction
    .update(users)
    .set({ email: "", passwordHash: null, avatarUrl: null, suspended: true, ...deletedNow })
    .where(account(userId))
    .returning({ id: users.id });
  if (!row) return undefined;
  for (const table of [
    sessions,
    apiTokens,
    userSettings,
    usageLimitOverrides,
    idempotencyKeys,
    externalAuthAttempts,
    sshKeys,
  ]) {
    await transaction.delete(table).where(eq(table.userId, userId));
  }
  return transaction.delete(externalAuthLinks).where(eq(externalAuthLinks.userId, userId)).returning();
}

/** Requests that were let in before a deletion are over by then: none takes longer than its statements may. */
const GRACE_SECONDS = 120;

/** Whose agents are to be ended, with whether no request of theirs can still make one. By `users_ending`. */
export async function listEndingUsers(executor: SqlExecutor): Promise<{ userId: string; isOver: boolean }[]> {
  return executor<{ userId: string; isOver: boolean }[]>`
    SELECT id AS "userId", deleted_at < now() - make_interval(secs => ${GRACE_SECONDS}) AS "isOver" FROM users
    WHERE deleted_at IS NOT NULL AND agents_ended_at IS NULL ORDER BY deleted_at LIMIT 100`;
}

/** The end of a deletion, with what requests that were let in before it had still added. */
export async function markAgentsEnded(executor: SqlExecutor, { userId }: { userId: string }): Promise<void> {
  await executor`
    WITH late_sessions AS (DELETE FROM sessions WHERE user_id = ${userId}),
      late_tokens AS (DELETE FROM api_tokens WHERE user_id = ${userId}),
      late_keys AS (DELETE FROM ssh_keys WHERE user_id = ${userId}),
      late_links AS (DELETE FROM external_auth_links WHERE user_id = ${userId})
    UPDATE users SET agents_ended_at = now() WHERE id = ${userId}`;
}

/** The ids of everybody who can administer, locked until the transaction ends, so that two cannot remove each other. */
export async function lockActiveAdministrators(transaction: Transaction): Promise<string[]> {
  const rows = await transaction
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "admin"), eq(users.suspended, false)))
    .orderBy(users.id)
    .for("update");
  return rows.map((row) => row.id);
}

/** The account of this id, unless it was deleted. */
const account = (userId: string): SQL | undefined => and(eq(users.id, userId), isNull(users.deletedAt));

const databaseNow = sql`now()` as SQL<string> as unknown as string;
const deletedNow = { deletedAt: databaseNow, updatedAt: databaseNow };

/** Names are written out: in a query over one table the columns of a subquery would lose theirs. */
const lastSeenAt = sql<string | null>`greatest(
  (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = users.id),
  (SELECT max(t.last_used_at) FROM api_tokens t WHERE t.user_id = users.id))`;

const wireColumns = {
  id: users.id,
  email: users.email,
  username: users.username,
  name: users.name,
  role: users.role,
  avatar_url: users.avatarUrl,
  suspended: users.suspended,
  created_at: users.createdAt,
};
