/** Ends a run that may not spend more: paused at a limit, failed where the check itself failed. Checks nothing itself. */

import { type SpendingCheck, UNCHECKED_MESSAGES } from "@/lib/chats/budget";
import { failTurn } from "@/lib/chats/runner-commits";
import { pauseForLimit } from "@/lib/chats/spend-limit";
import type { ChatWriter, Fence } from "@/lib/chats/transition";
import type { ChatError } from "@/lib/contract/chats";

export type RefusedSpending = Exclude<SpendingCheck, { result: "allowed" }>;

type Stopped = {
  chatId: string;
  fence: Fence;
  spending: RefusedSpending;
  /** Steps of the turn so far. */
  stepCount: number;
};

export async function stopSpending(writer: ChatWriter, { chatId, fence, spending, stepCount }: Stopped): Promise<void> {
  if (spending.result === "reached") return pauseForLimit(writer, { chatId, fence });
  const message = UNCHECKED_MESSAGES[stepCount > 0 ? "between" : "before"];
  await failTurn(writer, { chatId, fence, error: { ...UNCHECKED, message }, call: null });
}

const UNCHECKED: Omit<ChatError, "message"> = {
  kind: "generic",
  provider: null,
  status_code: null,
  retryable: true,
  detail: null,
};
