/** What is left to do for a run that lost its chat. Writes nothing into the chat: that is somebody else's now. */
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { isHistoryRemovedSince } from "@/db/queries/chat-runs";
import { insertModelCall } from "@/db/queries/model-calls";
import type { ChatWriter } from "@/lib/chats/transition";
import type { Usage } from "@/lib/contract/messages";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";
import type { Turn } from "./prepare-turn";

type LostRun = {
  writer: ChatWriter;
  run: AcquiredRun;
  turn: Turn;
  /** What the call that was under way had cost. */
  usage: Usage | null;
};

/**
 * Records the call that was paid in vain. When an edit took the work back, its calls are stopped in the workspace too;
 * another runner would have adopted them. Never throws: the database may be why the chat was lost.
 */
export async function endLostRun({ writer, run, turn, usage }: LostRun): Promise<void> {
  const { chatId, rootChatId, ownerId, snapshotVersion } = run;
  try {
    const call = turn.recorder.toCall("attempt", usage);
    if (call) {
      await failpoint("daemon.record-lost", () =>
        insertModelCall(writer.sql, { chatId, rootChatId: rootChatId ?? chatId, ownerId, call }),
      );
    }
    if (await isHistoryRemovedSince(writer.sql, { chatId, snapshotVersion })) await turn.cancelUnfinishedCalls([]);
  } catch (error) {
    log.warn("a lost run was not tidied up", { chatId, err: error });
  }
}
