/** Signing in with a password. Counts failures, rotates the session; cookies are read and written by the route. */
import type { Database } from "@/db/client";
import { deleteSessionByHash } from "@/db/queries/sessions";
import { findSignInCandidate } from "@/db/queries/users";
import { ApiError } from "@/lib/contract/errors";
import type { User } from "@/lib/contract/users";
import { sha256 } from "@/lib/ids";
import { verifyPassword } from "./password";
import { startSession } from "./session";
import type { SignInLimit } from "./sign-in-limit";

export type SignInAttempt = {
  db: Database;
  limit: SignInLimit;
  email: string;
  password: string;
  sender: string;
  /** From the device cookie: this browser signed in to this account before. */
  device: string | undefined;
  userAgent: string | null;
  /** The cookie the browser held so far; that session ends. */
  previousSession: string | undefined;
};

/**
 * Answers an unknown address, a missing password and a wrong one alike, in text and in time.
 * @throws ApiError `unauthorized`, or `rate_limited` after too many failures.
 */
export async function signIn(attempt: SignInAttempt): Promise<{ user: User; session: string }> {
  const { db } = attempt;
  const forgive = attempt.limit.countAttempt({
    account: attempt.email.toLowerCase(),
    sender: attempt.sender,
    device: attempt.device,
  });
  const candidate = await findSignInCandidate(db, { email: attempt.email });
  const isRight = await verifyPassword(attempt.password, candidate?.passwordHash ?? null);
  if (!candidate || !isRight) throw new ApiError("unauthorized", "The email or the password is wrong.");
  forgive();
  if (candidate.user.suspended) {
    throw new ApiError("unauthorized", "This account is suspended. Ask an administrator to reactivate it.");
  }
  if (attempt.previousSession) await deleteSessionByHash(db, { tokenHash: sha256(attempt.previousSession) });
  const session = await startSession(db, { userId: candidate.user.id, userAgent: attempt.userAgent });
  return { user: candidate.user, session };
}
