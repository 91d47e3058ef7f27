/** May more be spent? Asked before work and between steps. Reads limits and the roll-up; changes nothing. */
import type { Sql, TransactionSql } from "postgres";
import { isConnectionLost } from "@/db/connection-lost";
import { type Budget, findBudget, findFailOpen } from "@/db/queries/spend-limits";
import { systemClock } from "@/lib/clock";
import { ApiError } from "@/lib/contract/errors";
import { formatExactTime, formatMoney } from "@/lib/format";
import { log } from "@/lib/log";

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

/** A lost connection is no failed check: it is asked again after each of these, in milliseconds. */
const RETRY_AFTER_MS = [100, 400, 1_500];

async function askBudget(sql: Sql, spender: Spender): Promise<Budget> {
  for (const delayMs of RETRY_AFTER_MS) {
    try {
      return await findBudget(sql, spender);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      await systemClock.sleep(delayMs);
    }
  }
  return findBudget(sql, spender);
}

/** Never throws: a check that failed is `unknown`, or `allowed` where an administrator chose that. */
export async function checkSpending(sql: Sql, spender: Spender): Promise<SpendingCheck> {
  try {
    const limit = findReachedLimit(await askBudget(sql, spender));
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
 * Before a new chat of a person.
 * @throws ApiError `conflict` at the limit, `unavailable` when it could not be checked.
 */
export async function requireBudget(sql: Sql, { ownerId }: { ownerId: string }): Promise<void> {
  const check = await checkSpending(sql, { ownerId, chatId: null });
  if (check.result === "unknown") throw unchecked();
  if (check.result === "reached") throw limitReached(check.limit);
}

/** The check itself failed, and with it the transaction it was part of. */
class UncheckedError extends Error {}

/** The limit that a person's work in this chat has reached, read in its transaction; null: none. Sent when it is called. */
export async function findLimitInside(tx: TransactionSql, spender: Spender): Promise<ReachedLimit | null> {
  try {
    return findReachedLimit(await findBudget(tx, spender));
  } catch (cause) {
    throw new UncheckedError("The spend limit could not be checked.", { cause });
  }
}

/**
 * Work of a person that asks inside its transaction whether it may be paid. A check that fails takes the transaction with
 * it: the work is done without one where an administrator chose that.
 * @throws ApiError `unavailable` when it could not be checked; whatever the work throws.
 */
export async function withinBudget<T>(sql: Sql, work: (options: { mustAfford: boolean }) => Promise<T>): Promise<T> {
  try {
    return await work({ mustAfford: true });
  } catch (error) {
    if (!(error instanceof UncheckedError)) throw error;
    log.error("spend limit could not be checked", { err: error.cause });
    if (await findFailOpen(sql).catch(() => false)) return work({ mustAfford: false });
    throw unchecked();
  }
}

const unchecked = () => new ApiError("unavailable", UNCHECKED_MESSAGES.before);

/** What a person is told at a limit. */
export function limitReached({ of, spentMicros, limitMicros, resetsAt }: ReachedLimit): ApiError {
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
