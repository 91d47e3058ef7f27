/** Whose account a path means. Another person's account is not found, except for administrators. */
import type { Executor } from "@/db/client";
import { findUser } from "@/db/queries/users";
import { notFound } from "@/lib/contract/errors";
import type { User } from "@/lib/contract/users";
import type { Actor } from "./actor";

/** @param options.user an id, or `me`. @throws ApiError `not_found` */
export async function getAccount(executor: Executor, options: { actor: Actor; user: string }): Promise<User> {
  const { actor } = options;
  const userId = options.user === "me" ? actor.userId : options.user;
  if (userId !== actor.userId && actor.role !== "admin") throw notFound();
  const user = await findUser(executor, { userId });
  if (!user) throw notFound();
  return user;
}
