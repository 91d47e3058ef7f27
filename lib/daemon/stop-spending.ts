/** Ends a run that may not spend more: paused at a limit, failed where the check itself failed. Checks nothing itself. */
import { failTurn } from "@/lib/chats/runner-commits";
import { pauseForLimit, type SpendingCheck, UNCHECKED_MESSAGE } from "@/lib/chats/spend-limit";
import type { ChatWriter, Fence } from "@/lib/chats/transition";
import type { ChatError } from "@/lib/contract/chats";

export type RefusedSpending = Exclude<SpendingCheck, { result: "allowed" }>;

export async function stopSpending(
  writer: ChatWriter,
  { chatId, fence, spending }: { chatId: string; fence: Fence; spending: RefusedSpending },
): Promise<void> {
  if (spending.result === "reached") return pauseForLimit(writer, { chatId, fence });
  await failTurn(writer, { chatId, fence, error: UNCHECKED, call: null });
}

const UNCHECKED: ChatError = {
  kind: "generic",
  message: UNCHECKED_MESSAGE,
  provider: null,
  status_code: null,
  retryable: true,
  detail: null,
};
