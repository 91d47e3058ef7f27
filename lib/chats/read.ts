/** A person's read mark. Never moves `updated_at`. */

import { markChatRead, markChatUnread } from "@/db/queries/chat-bookkeeping";
import { notFound } from "@/lib/contract/errors";
import { bookkeepingHint } from "./bookkeeping-hint";
import type { ChatWriter } from "./transition";

/** Marks a chat read, or its last answer unread. @throws ApiError `not_found`. */
export async function readChat(
  { sql, pubsub }: ChatWriter,
  { chatId, ownerId, unread }: { chatId: string; ownerId: string; unread: boolean },
): Promise<void> {
  const mark = unread ? markChatUnread : markChatRead;
  const chat = await mark(sql, { chatId, ownerId });
  if (!chat) throw notFound();
  if (!chat.changed) return;
  pubsub.publish(bookkeepingHint({ chatId, ownerId, rootChatId: chat.rootChatId, watch: ["summary_change"] }));
}
