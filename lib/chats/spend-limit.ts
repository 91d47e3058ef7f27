/**
 * May more be spent? Asked before work and between steps, and the way back when more may. Reads limits and the roll-up;
 * pauses and resumes by transitions.
 */
import type { Sql } from "postgres";
import { type Budget, findBudget, findFailOpen, isChatOf, listLimitedChats } from "@/db/queries/spend-limits";
import type { UsageLimitStatus } from "@/lib/contract/costs";
import { ApiError, isApiError } from "@/lib/contract/errors";
import { formatExactTime, formatMoney } from "@/lib/format";
import { log } from "@/lib/log";
import { illegal } from "./illegal";
import { type ChatWriter, type Fence, transition } from "./transition";

/** From here on people are warned. */
const NEAR = 0.8;

/** The one boundary: who has spent exactly the limit has reached it. */
export const isLimitReached = (spentMicros: number, limitMicros: number | null): boolean =>
  limitMicros !== null && spentMicros >= limitMicros;

export type ReachedLimit = {
  of: "person" | "chat";
  spentMicros: number;
  limitMicros: number;
  /** When it ends by itself; null: a chat's limit has to be raised. */
  resetsAt: string | null;
};

/** The limit that stops work now: the person's before the chat's. Pure. */
export function findReachedLimit(budget: Budget): ReachedLimit | null {
  const { limitMicros, spentMicros, chatLimitMicros, chatSpentMicros, periodEnd } = budget;
  if (limitMicros !== null && isLimitReached(spentMicros ?? 0, limitMicros)) {
    return { of: "person", spentMicros: spentMicros ?? 0, limitMicros, resetsAt: periodEnd };
  }
  if (chatLimitMicros !== null && isLimitReached(chatSpentMicros ?? 0, chatLimitMicros)) {
    return { of: "chat", spentMicros: chatSpentMicros ?? 0, limitMicros: chatLimitMicros, resetsAt: null };
  }
  return null;
}

/** With any chat of the tree whose own limit counts too. */
type Spender = { ownerId: string; chatId: string | null };

export type SpendingCheck = { result: "allowed" } | { result: "reached"; limit: ReachedLimit } | { result: "unknown" };

/** Never throws: a check that failed is `unknown`, or `allowed` where an administrator chose that. */
export async function checkSpending(sql: Sql, spender: Spender): Promise<SpendingCheck> {
  try {
    const limit = findReachedLimit(await findBudget(sql, spender));
    return limit ? { result: "reached", limit } : { result: "allowed" };
  } catch (error) {
    log.error("spend limit could not be checked", { ownerId: spender.ownerId, err: error });
    const isOpen = await findFailOpen(sql).catch(() => false);
    return { result: isOpen ? "allowed" : "unknown" };
  }
}

/** What a person is told when the check itself failed: before any work, or between two steps of a turn. */
export const UNCHECKED_MESSAGES = {
  before: "The spend limit could not be checked, so no work was started. Try again; the server's log says what failed.",
  between:
    "The spend limit could not be checked, so the agent stopped after its last step. What it did is kept. Try again to go on; the server's log says what failed.",
};

/**
 * Before new work of a person, in one of their chats if it is given. A chat of somebody else is let through: whoever
 * writes answers that it is not found.
 * @throws ApiError `conflict` at the limit, `unavailable` when it could not be checked.
 */
export async function requireBudget(sql: Sql, options: { ownerId: string; chatId?: string }): Promise<void> {
  const { ownerId, chatId = null } = options;
  const check = await checkSpending(sql, { ownerId, chatId });
  if (check.result === "allowed") return;
  if (check.result === "unknown") throw new ApiError("unavailable", UNCHECKED_MESSAGES.before);
  if (chatId === null || (await isChatOf(sql, { chatId, ownerId }))) throw limitReached(check.limit);
}

function limitReached({ of, spentMicros, limitMicros, resetsAt }: ReachedLimit): ApiError {
  const whose = of === "person" ? "The spend limit" : "This agent's own spend limit";
  const way = resetsAt
    ? `It resets at ${formatExactTime(resetsAt, "UTC")}; an administrator can raise it.`
    : "Raise it under Cost to go on.";
  return new ApiError(
    "conflict",
    `${whose} of ${formatMoney(limitMicros)} is reached: ${formatMoney(spentMicros)} was spent. ${way}`,
    { facts: { spent_micros: spentMicros, limit_micros: limitMicros, resets_at: resetsAt } },
  );
}

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
