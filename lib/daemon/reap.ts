/** Takes chats from workers that are gone, fenced by the runner that was seen dead. Reads the checkpoint for what was partly said. */
import type { OrphanedRun } from "@/db/queries/workers";
import { LostLeaseError } from "@/lib/chats/lost-lease";
import { reapRun } from "@/lib/chats/runner-commits";
import type { ChatWriter } from "@/lib/chats/transition";
import { isApiError } from "@/lib/contract/errors";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";
import { findSaidParts } from "./said-parts";

/** Stops calls of a chat in its workspace. */
export type CancelCalls = (chatId: string, toolCallIds: string[]) => Promise<void>;

/**
 * A chat that somebody else took or ended meanwhile is left alone. What a stopped chat had running is cancelled beside
 * the rest: a workspace that does not answer must not delay the others.
 */
export async function reapOrphans(writer: ChatWriter, orphans: OrphanedRun[], cancel: CancelCalls): Promise<void> {
  for (const { chatId, runnerId, historyVersion } of orphans) {
    try {
      const said = await failpoint("reap.read", () => findSaidParts(writer.sql, { chatId, historyVersion }));
      const { answer: parts, results } = said;
      const partial = parts.length > 0 ? { parts, modelConfigId: null, runtimeMs: null, call: null } : null;
      const leftRunning = await reapRun(writer, { chatId, fence: { runnerId, historyVersion }, partial, results });
      log.info("chat taken from a dead worker", { chatId, runnerId });
      cancel(chatId, leftRunning).catch((error) => log.warn("calls were not cancelled", { chatId, err: error }));
    } catch (error) {
      if (!(error instanceof LostLeaseError) && !isApiError(error)) throw error;
    }
  }
}
