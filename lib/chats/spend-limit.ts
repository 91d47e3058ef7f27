/** What follows from a spend limit: running chats pause, and go on once more may be spent; and the person's limit for the page. */
import type { Sql } from "postgres";
import { type Budget, findBudget, listLimitedChats } from "@/db/queries/spend-limits";
import type { UsageLimitStatus } from "@/lib/contract/costs";
import { isApiError } from "@/lib/contract/errors";
import { checkSpending, isLimitReached, type SpendingCheck } from "./budget";
import { illegal } from "./illegal";
import { type ChatWriter, type Fence, transition } from "./transition";

/** From here on people are warned. */
const NEAR = 0.8;

/** Stops a running chat until more may be spent. The acquisition is not held against it. */
export async function pauseForLimit(writer: ChatWriter, options: { chatId: string; fence: Fence }): Promise<void> {
  await transition(writer, {
    ...options,
    event: "pause_for_limit",
    pauseReason: "spend_limit",
    write: async (change) => {
      change.run.crashCount = Math.max(0, change.chat.run.crashCount - 1);
    },
  });
}

/**
 * Lets chats go on whose limit was raised, overridden or began anew. Several processes may do so at once.
 * Returns how many went on.
 */
export async function resumeWithinLimits(writer: ChatWriter): Promise<number> {
  let resumed = 0;
  const checks = new Map<string, Promise<SpendingCheck>>();
  for (const { chatId, ownerId, rootChatId } of await listLimitedChats(writer.sql)) {
    const check = checks.get(rootChatId) ?? checkSpending(writer.sql, { ownerId, chatId: rootChatId });
    checks.set(rootChatId, check);
    if ((await check).result !== "allowed") continue;
    try {
      await transition(writer, {
        chatId,
        event: "resume",
        write: async ({ chat }) => {
          if (chat.pauseReason !== "spend_limit") throw illegal(chat, "resume");
        },
      });
      resumed += 1;
    } catch (error) {
      // Somebody else resumed or stopped it meanwhile.
      if (!isApiError(error)) throw error;
    }
  }
  return resumed;
}

/** A person's limit as it goes over the wire. */
export async function getLimitStatus(sql: Sql, { ownerId }: { ownerId: string }): Promise<UsageLimitStatus> {
  return toLimitStatus(await findBudget(sql, { ownerId, chatId: null, withSpent: true }));
}

function toLimitStatus(budget: Budget): UsageLimitStatus {
  const { limitMicros, periodEnd } = budget;
  const spentMicros = budget.spentMicros ?? 0;
  return {
    is_limited: limitMicros !== null,
    is_exceeded: isLimitReached(spentMicros, limitMicros),
    is_near: limitMicros !== null && spentMicros >= limitMicros * NEAR,
    period: budget.period,
    spend_limit_micros: limitMicros,
    spent_micros: spentMicros,
    period_start: budget.periodStart,
    period_end: periodEnd,
    resets_at: periodEnd,
    source: budget.isOverridden ? "override" : "default",
  };
}
