/** Ends the agents of people who were deleted, by transitions and archiving alone. Called by the daemon until none is left. */
import { listUnarchivedChats, type UnarchivedChat } from "@/db/queries/chat-archive";
import { deleteQueue } from "@/db/queries/chat-queue-writes";
import { listEndingUsers, markAgentsEnded } from "@/db/queries/users";
import { isApiError } from "@/lib/contract/errors";
import { archiveChat } from "./archive";
import { interruptChat } from "./interrupt";
import { type ChatWriter, transition } from "./transition";

/**
 * Drops what is queued, stops what runs, archives each tree that is idle. One that is still being stopped is archived by a
 * later call. Several processes may do so at once.
 */
export async function endAgentsOfDeleted(writer: ChatWriter): Promise<void> {
  for (const { userId, isOver } of await listEndingUsers(writer.sql)) {
    const chats = await listUnarchivedChats(writer.sql, { ownerId: userId });
    for (const chat of chats) await unlessChanged(stop(writer, { ...chat, ownerId: userId }));
    for (const { chatId, isRoot } of chats) {
      if (isRoot) await unlessChanged(archiveChat(writer, { chatId, ownerId: userId }));
    }
    if (chats.length === 0 && isOver) await markAgentsEnded(writer.sql, { userId });
  }
}

async function stop(writer: ChatWriter, chat: UnarchivedChat & { ownerId: string }): Promise<void> {
  const { chatId, ownerId } = chat;
  if (chat.hasQueue) {
    await transition(writer, {
      chatId,
      ownerId,
      event: "change_queue",
      write: async (change) => {
        await deleteQueue(change.tx, { chatId });
        change.queueChanged = true;
      },
    });
  }
  if (chat.isBusy) await interruptChat(writer, { chatId, ownerId });
}

/** A chat that moved meanwhile, or is not idle yet, is looked at again. */
async function unlessChanged(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isApiError(error)) throw error;
  });
}
