/** Deleting a person: who may, and what goes with the account. Their agents are ended by the daemon (`lib/chats/end-agents`). */
import { deleteAccount, lockActiveAdministrators } from "@/db/queries/users";
import { ApiError, notFound } from "@/lib/contract/errors";
import { revokeLink } from "@/lib/external-auth/links";
import type { ExternalAuthParts } from "@/lib/external-auth/tokens";
import type { Actor } from "./actor";

/**
 * The account, its address, sessions, tokens, settings, limit and linked accounts are gone when this returns; what its
 * agents cost stays, under the former name. Of two administrators who delete each other one stays.
 * @throws ApiError `not_found`, `conflict` for oneself.
 */
export async function deleteUser(
  parts: ExternalAuthParts,
  { actor, userId, signal }: { actor: Actor; userId: string; signal: AbortSignal },
): Promise<void> {
  if (actor.userId === userId) {
    throw new ApiError("conflict", "You cannot delete yourself. Another administrator can.");
  }
  const links = await parts.db.transaction(async (tx) => {
    const administrators = await lockActiveAdministrators(tx);
    if (!administrators.includes(actor.userId)) throw notFound();
    return deleteAccount(tx, { userId });
  });
  if (!links) throw notFound();
  await Promise.all(links.map((link) => revokeLink(parts, { link, signal })));
}
