/**
 * What a transition changed, for who watches the chat in this process: told from what the transition knows, so that
 * nobody reads what it has just written. Pure.
 */

import { throughJsonb } from "@/db/json";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { TransitionEnd } from "@/db/queries/chat-transition";
import { MESSAGES_PER_READ, toMicroseconds, toWrittenMessage } from "@/db/queries/streams";
import type { ChatNews } from "@/lib/pubsub";
import type { Change } from "./change";

type Committed = {
  change: Change;
  end: Pick<TransitionEnd, "run" | "chat">;
  /** Of the chat's row, if it was written. */
  updatedAt: string | undefined;
};

/**
 * For who knows the state that was changed: what `findChatState` answers after the commit. Every transition raises the
 * version under the chat's lock, so whoever has the version before has missed nothing. Undefined for what only a read
 * tells: removed rows, a changed queue, the calls that a paused chat waits for. Nothing is computed before it is asked.
 */
export function newsOf({ change, end, updatedAt }: Committed): ChatNews | undefined {
  const { chat, written } = change;
  const { run } = end;
  const { status, pauseReason, lastError } = end.chat ?? chat;
  if (change.historyRemoved || change.queueChanged || status === "paused") return undefined;
  if (written.length >= MESSAGES_PER_READ) return undefined;
  return (known) => {
    // Archiving moves no version.
    if (known.snapshotVersion !== chat.run.snapshotVersion || known.archived !== chat.archived) return undefined;
    const messages = written.flatMap((row) => toWrittenMessage(row) ?? []);
    return {
      ownerId: chat.ownerId,
      archived: chat.archived,
      status,
      pauseReason,
      updatedAt: toMicroseconds(updatedAt ?? chat.updatedAt),
      lastError: throughJsonb(lastError),
      snapshotVersion: run.snapshotVersion,
      historyVersion: run.historyVersion,
      queueVersion: run.queueVersion,
      resetVersion: run.resetVersion,
      lastMessageId: messages.at(-1)?.message.id ?? known.lastMessageId,
      attempt: run.generationAttempt,
      retryState: throughJsonb(run.retryState),
      queue: null,
      messages,
      waitingCalls: [],
      isComplete: true,
    };
  };
}

/** As `newsOf`: an acquisition lets a pending chat run, and changes nothing else that is shown. */
export function newsOfAcquisition(run: AcquiredRun): ChatNews {
  const { snapshotVersion, generationAttempt: attempt } = run;
  return (known) => {
    if (known.snapshotVersion !== snapshotVersion - 1 || known.status !== "pending") return undefined;
    const updatedAt = toMicroseconds(run.updatedAt);
    return { ...known, status: "running", updatedAt, snapshotVersion, attempt, queue: null, messages: [] };
  };
}
