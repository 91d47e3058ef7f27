/** A person asks for a compaction: the daemon writes it, and no turn follows. */
import { hasHistoryToCompact } from "@/db/queries/chat-history";
import { ApiError } from "@/lib/contract/errors";
import { failOpenCalls } from "./open-calls";
import { type ChatWriter, transition } from "./transition";

/** @throws ApiError `not_found`, `conflict` while the chat is busy or when there is nothing to compact. */
export async function compactChat(
  writer: ChatWriter,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<void> {
  await transition(writer, {
    chatId,
    ownerId,
    event: "compact",
    write: async (change) => {
      if (!(await hasHistoryToCompact(change.tx, { chatId }))) throw nothingToDo();
      // A failed turn may have left calls open: no summary stands between a call and its result.
      if (change.chat.status === "error") await failOpenCalls(change, "fail");
      change.run = { request: "compact", compactionCount: 0, crashCount: 0 };
    },
  });
}

const nothingToDo = () =>
  new ApiError(
    "conflict",
    "There is nothing to compact: the agent has done no work since its context was last replaced.",
  );
