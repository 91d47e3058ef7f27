/**
 * One run of one chat, from acquisition to its end: builds the ports, lets the loop turn, and ends the run the way it
 * ended. The only boundary that turns an unexpected throw of a run into a value.
 */
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { abortReason, runTurn } from "@/lib/agent/loop";
import type { PartialAnswer, TurnEnd } from "@/lib/agent/types";
import { LostLeaseError } from "@/lib/chats/lost-lease";
import { failTurn, finishInterruption, requeue } from "@/lib/chats/runner-commits";
import { findSaidParts } from "@/lib/chats/said-parts";
import type { ChatWriter, Fence } from "@/lib/chats/transition";
import type { Clock } from "@/lib/clock";
import type { ChatError } from "@/lib/contract/chats";
import { isApiError } from "@/lib/contract/errors";
import type { Printed } from "@/lib/contract/fold-parts";
import { log } from "@/lib/log";
import { endLostRun } from "./lost-run";
import type { PreparedTurn, Turn } from "./prepare-turn";
import { stopSpending } from "./stop-spending";

/** Acquisitions in a row that did not lead to a committed step: the chat kills its worker, or never gets anywhere. */
const MAX_CRASHES = 3;

/** After an unexpected error: long enough that a broken database is not hammered. */
const ERROR_PAUSE_MS = 1_000;

export type RunChat = {
  writer: ChatWriter;
  clock: Clock;
  run: AcquiredRun;
  /** Its reason is one of `ABORT_REASONS`. */
  signal: AbortSignal;
  prepareTurn: () => Promise<PreparedTurn>;
  /** The turn has ended as it should. */
  onFinished?: () => void;
};

/** Never throws. */
export async function runChat(options: RunChat): Promise<void> {
  const { run, signal } = options;
  try {
    await runOnce(options);
  } catch (error) {
    if (isLost(error)) return log.info("run lost its chat", { chatId: run.chatId, runnerId: run.runnerId });
    log.error("run failed unexpectedly", { chatId: run.chatId, runnerId: run.runnerId, err: error });
    if (!signal.aborted) await options.clock.sleep(ERROR_PAUSE_MS, signal).catch(() => {});
    await giveBack(options);
  }
}

async function runOnce(options: RunChat): Promise<void> {
  const { writer, clock, run, signal } = options;
  const { chatId } = run;
  const fence: Fence = { runnerId: run.runnerId };
  if (run.crashCount > MAX_CRASHES) return failTurn(writer, { chatId, fence, error: quarantined(run), call: null });

  const turn = await options.prepareTurn();
  if ("unusable" in turn) return failTurn(writer, { chatId, fence, error: turn.unusable, call: null });
  if ("refused" in turn)
    return stopSpending(writer, { chatId, fence, spending: turn.refused, stepCount: run.turnSteps });
  try {
    const { store, model, tools, context } = turn;
    const emit = (role: "assistant" | "tool", part: Parameters<ReturnType<typeof store.parts>["append"]>[1]) =>
      store.parts().append(role, part);
    const end = await runTurn({ store, model, tools, context, clock, random: Math.random, signal, emit });
    if (end.outcome === "aborted") await endAborted(options, turn, end);
    // A compaction by hand says nothing new.
    if (end.outcome === "finished" && run.request === null) options.onFinished?.();
  } catch (error) {
    if (isLost(error)) {
      await endLostRun({ writer, run, turn, usage: turn.store.uncommitted()?.partial?.usage ?? null });
      throw error;
    }
    // The person stopped the chat while the commit was on its way: the table refused it, nothing of it was written.
    const refused = isApiError(error) && error.code === "conflict" ? turn.store.uncommitted() : null;
    if (!refused) throw error;
    await endAborted(options, turn, { outcome: "aborted", reason: "interrupt", ...refused });
  } finally {
    turn.store.close();
  }
}

type Aborted = Extract<TurnEnd, { outcome: "aborted" }>;

async function endAborted({ writer, run }: RunChat, turn: Turn, end: Aborted): Promise<void> {
  const { chatId } = run;
  const fence: Fence = { runnerId: run.runnerId };
  const { recorder } = turn;
  switch (end.reason) {
    case "interrupt": {
      const { partial, printed } = await findSaid({ writer, chatId, turn }, end.partial);
      const kept = { partial: toAnswer(turn, partial), results: end.results, printed };
      await finishInterruption(writer, { chatId, fence, ...kept });
      return turn.cancelUnfinishedCalls(end.results);
    }
    case "shutdown":
    case "time_out":
      return requeue(writer, { chatId, fence, call: recorder.toCall("attempt", end.partial?.usage ?? null) });
    case "lost_lease":
      return endLostRun({ writer, run, turn, usage: end.partial?.usage ?? null });
  }
}

/**
 * What this run has said and its calls have printed or, when it has said nothing yet, what its step had when an earlier
 * runner died: a person still sees that.
 */
async function findSaid(
  { writer, chatId, turn }: Pick<RunChat, "writer"> & { chatId: string; turn: Turn },
  partial: PartialAnswer | null,
): Promise<{ partial: PartialAnswer | null; printed: Printed }> {
  const { store } = turn;
  const isCalling = store.unfinishedCalls([]).length > 0;
  const printed = store.parts().printed();
  if (isCalling ? printed.size > 0 : partial && partial.parts.length > 0) return { partial, printed };
  const said = await findSaidParts(writer.sql, { chatId, historyVersion: store.historyVersion() });
  if (isCalling) return { partial, printed: said.printed };
  const { answer: parts } = said;
  return { partial: parts.length > 0 ? { parts, usage: partial?.usage ?? null } : partial, printed };
}

const toAnswer = ({ recorder }: Turn, partial: PartialAnswer | null) =>
  partial && recorder.toAnswer({ parts: partial.parts, usage: partial.usage, runtimeMs: null });

/**
 * Back to pending, or to the end of the interruption that was asked for meanwhile. A database that is away is asked
 * again until the lease is somebody else's.
 */
async function giveBack({ writer, clock, run, signal }: RunChat): Promise<void> {
  const owned = { chatId: run.chatId, fence: { runnerId: run.runnerId } };
  for (let attempt = 0; ; attempt++) {
    try {
      return await requeue(writer, { ...owned, call: null, crashed: true }).catch((error) => {
        if (!isApiError(error)) throw error;
        return finishInterruption(writer, { ...owned, partial: null, results: [] });
      });
    } catch (error) {
      if (isLost(error) || isApiError(error)) return;
      if (signal.aborted && abortReason(signal) === "lost_lease") return;
      log.warn("run could not be given back", { chatId: run.chatId, attempt, err: error });
      await clock.sleep(Math.min(10_000, 250 * 2 ** attempt));
    }
  }
}

const isLost = (error: unknown): boolean => error instanceof LostLeaseError;

const quarantined = ({ crashCount }: AcquiredRun): ChatError => ({
  kind: "quarantined",
  message: `This agent stopped its worker ${crashCount - 1} times in a row, so it is not tried again. Send a message to try once more.`,
  provider: null,
  status_code: null,
  retryable: false,
  detail: null,
});
