/** Changing a person: who may change what, and which sessions end with it. Ending a session ends its streams. */
import type { Database, Transaction } from "@/db/client";
import { deleteSessions, updateSessionHash } from "@/db/queries/sessions";
import { findUser, lockActiveAdministrators, updateUser } from "@/db/queries/users";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { User, UserRole } from "@/lib/contract/users";
import { sha256 } from "@/lib/ids";
import type { Actor } from "./actor";
import { hashPassword } from "./password";
import { newSessionValue } from "./session";

export type UserChanges = {
  name?: string | undefined;
  role?: UserRole | undefined;
  suspended?: boolean | undefined;
  password?: string | undefined;
};

/**
 * An administrator changes anybody, a member their own name and password. A new password or role ends the person's
 * sessions; the one that asked gets a new cookie value (`session`). A suspension ends all of them.
 * @throws ApiError `not_found` for somebody else's account, `forbidden`, `conflict` for the last administrator.
 */
export async function changeUser(options: {
  db: Database;
  actor: Actor;
  userId: string;
  changes: UserChanges;
}): Promise<{ user: User; session: string | undefined }> {
  const { actor, userId, changes } = options;
  if (actor.userId !== userId && actor.role !== "admin") throw notFound();
  if (actor.role !== "admin" && (changes.role !== undefined || changes.suspended !== undefined)) {
    throw new ApiError("forbidden", "Only an administrator may change a role or suspend somebody.");
  }
  const { password, ...columns } = changes;
  const passwordHash = password === undefined ? undefined : await hashPassword(password);
  return options.db.transaction(async (tx) => {
    if (changes.role === "member" || changes.suspended) await keepOneAdministrator(tx, userId);
    const before = await findUser(tx, { userId });
    const user = await updateUser(tx, { userId, ...columns, passwordHash });
    if (!before || !user) throw notFound();
    const mustSignInAgain = passwordHash !== undefined || before.role !== user.role;
    return { user, session: await endSessions(tx, { actor, user, mustSignInAgain }) };
  });
}

async function keepOneAdministrator(tx: Transaction, userId: string): Promise<void> {
  const administrators = await lockActiveAdministrators(tx);
  if (administrators.length === 1 && administrators[0] === userId) {
    throw new ApiError("conflict", "This is the last administrator. Make somebody else an administrator first.");
  }
}

async function endSessions(
  tx: Transaction,
  options: { actor: Actor; user: User; mustSignInAgain: boolean },
): Promise<string | undefined> {
  const { actor, user } = options;
  if (user.suspended) {
    await deleteSessions(tx, { userId: user.id });
    return undefined;
  }
  if (!options.mustSignInAgain) return undefined;
  const isOwnSession = actor.userId === user.id && actor.via === "session";
  await deleteSessions(tx, { userId: user.id, exceptId: isOwnSession ? actor.credentialId : undefined });
  if (!isOwnSession) return undefined;
  const value = newSessionValue();
  await updateSessionHash(tx, { sessionId: actor.credentialId, tokenHash: sha256(value) });
  return value;
}
