/** A person takes the newest summary or clearing back: the model sees what stood before it again. */
import { deleteNewestBoundary } from "@/db/queries/chat-removal";
import { ApiError } from "@/lib/contract/errors";
import { type ChatWriter, transition } from "./transition";

/**
 * What was said since stays. A context that is too full is compacted anew at the next step, so this helps after a
 * compaction by hand, with a larger model or a higher threshold.
 * @throws ApiError `not_found`, `conflict` while the chat is busy or when nothing was compacted or cleared.
 */
export async function undoCompact(
  writer: ChatWriter,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<void> {
  await transition(writer, {
    chatId,
    ownerId,
    event: "undo_compact",
    write: async (change) => {
      if (!(await deleteNewestBoundary(change.tx, { chatId }))) throw nothingToDo();
      change.historyChanged = change.historyRemoved = true;
      change.run.compactionCount = 0;
    },
  });
}

const nothingToDo = () =>
  new ApiError("conflict", "There is nothing to undo: the model sees the conversation from its beginning.");
