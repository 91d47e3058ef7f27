/** A way back in for whoever runs the server: a new password, made here and told once. Not reachable over HTTP. */
import { randomBytes } from "node:crypto";
import type { Database } from "@/db/client";
import { deleteSessions } from "@/db/queries/sessions";
import { findSignInCandidate, updateUser } from "@/db/queries/users";
import { hashPassword } from "./password";

/** 96 random bits: sixteen characters to copy. */
const PASSWORD_BYTES = 12;

/** Gives the person a new password, lifts a suspension and ends all their sessions. @throws Error when nobody has the address. */
export async function resetPassword(db: Database, { email }: { email: string }): Promise<{ password: string }> {
  const candidate = await findSignInCandidate(db, { email: email.trim() });
  if (!candidate) throw new Error(`Nobody has the address ${email}.`);
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  const passwordHash = await hashPassword(password);
  const userId = candidate.user.id;
  await db.transaction(async (tx) => {
    await updateUser(tx, { userId, passwordHash, suspended: false });
    await deleteSessions(tx, { userId });
  });
  return { password };
}
