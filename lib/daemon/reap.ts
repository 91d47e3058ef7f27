/** Takes chats from workers that are gone, fenced by the runner that was seen dead. */
import type { OrphanedRun } from "@/db/queries/workers";
import { LostLeaseError } from "@/lib/chats/lost-lease";
import { reapRun } from "@/lib/chats/runner-commits";
import type { ChatWriter } from "@/lib/chats/transition";
import { isApiError } from "@/lib/contract/errors";
import { log } from "@/lib/log";

/** A chat that somebody else took or ended meanwhile is left alone. */
export async function reapOrphans(writer: ChatWriter, orphans: OrphanedRun[]): Promise<void> {
  for (const { chatId, runnerId, historyVersion } of orphans) {
    try {
      await reapRun(writer, { chatId, fence: { runnerId, historyVersion } });
      log.info("chat taken from a dead worker", { chatId, runnerId });
    } catch (error) {
      if (!(error instanceof LostLeaseError) && !isApiError(error)) throw error;
    }
  }
}
