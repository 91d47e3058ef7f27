/** Whose account a path means. Another person's account is not found, except for administrators. */
import type { Executor } from "@/db/client";
import { findPerson, findUser } from "@/db/queries/users";
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

/** Whose cost a path means: as `getAccount`, and for administrators also somebody who was deleted. @throws ApiError `not_found` */
export async function getSpender(executor: Executor, options: { actor: Actor; user: string }): Promise<User> {
  const { actor, user } = options;
  if (actor.role !== "admin") return getAccount(executor, options);
  const person = await findPerson(executor, { userId: user === "me" ? actor.userId : user });
  if (!person) throw notFound();
  return person;
}
