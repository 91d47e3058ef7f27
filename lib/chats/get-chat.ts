/** A chat as its owner sees it, or the answer of a missing one. Reads only. */
import type { Database } from "@/db/client";
import { findChat, isChatOf } from "@/db/queries/chats";
import type { Chat } from "@/lib/contract/chats";
import { notFound } from "@/lib/contract/errors";

type Target = { chatId: string; ownerId: string };

/** @throws ApiError `not_found`, for another person's chat too. */
export async function getChat(db: Database, target: Target): Promise<Chat> {
  const chat = await findChat(db, target);
  if (!chat) throw notFound();
  return chat;
}

/** @throws ApiError `not_found`, for another person's chat too. */
export async function requireChat(db: Database, target: Target): Promise<void> {
  if (!(await isChatOf(db, target))) throw notFound();
}
