/** What a runner commits while it owns a chat. Every commit is fenced by its runner id; a zombie writes nothing. */
import type { Run } from "@/db/queries/chat-transition";
import { insertModelCall, type ModelCall } from "@/db/queries/model-calls";
import { finishToolExecutions } from "@/db/queries/tool-executions";
import type { ChatError, PauseReason } from "@/lib/contract/chats";
import type { RetryState } from "@/lib/contract/events";
import type { Printed } from "@/lib/contract/fold-parts";
import type { StoredPart, ToolResultPart } from "@/lib/contract/messages";
import { describeActivity } from "./activity";
import type { Boundary, Change } from "./change";
import { type ChatWriter, type Fence, transition } from "./transition";

type Runner = { chatId: string; fence: Fence };

export type CommittedAnswer = {
  parts: StoredPart[];
  modelConfigId: string | null;
  runtimeMs: number | null;
  call: ModelCall | null;
};

/** The assistant row with its calls, usage and cost, before any of them runs. Returns the run after it. */
export async function commitAnswer(
  writer: ChatWriter,
  { chatId, fence, answer, runtimeMs = 0 }: Runner & { answer: CommittedAnswer; runtimeMs?: number },
): Promise<Run> {
  const { run } = await transition(writer, {
    chatId,
    fence,
    event: "commit_answer",
    write: async (change) => {
      change.insertAnswer(answer);
      change.run.crashCount = 0;
      change.run.activity = describeActivity(answer.parts);
      change.stepped = true;
      change.countWork({ steps: 1, runtimeMs });
    },
  });
  return run;
}

/**
 * All results of the step in call order, and the steers that wait. The next model call starts at once, so its
 * episode (attempt 1) begins in the same transaction.
 */
export async function commitResults(
  writer: ChatWriter,
  { chatId, fence, parts, runtimeMs = 0 }: Runner & { parts: StoredPart[]; runtimeMs?: number },
): Promise<Run & { messageId: number }> {
  const { run, written } = await transition(writer, {
    chatId,
    fence,
    event: "commit_results",
    write: async (change) => {
      const row = change.insert({ role: "tool", parts });
      change.countWork({ steps: 0, runtimeMs });
      if (change.chat.queueCount > 0) await change.promote({ withHead: false });
      change.run.crashCount = 0;
      change.run.generationAttempt = 1;
      change.run.activity = null;
      change.stepped = true;
      // In an object: its id is nothing to wait for here.
      return { row };
    },
  });
  return { ...run, messageId: (await (written as { row: Promise<{ id: number }> }).row).id };
}

/**
 * A call of the step waits for a person or the caller. The results of the others wait in the ledger: they become rows
 * together with the answer.
 */
export async function pauseForPerson(
  writer: ChatWriter,
  { chatId, fence, reason, results }: Runner & { reason: PauseReason; results: ToolResultPart[] },
): Promise<void> {
  await transition(writer, {
    chatId,
    fence,
    event: "pause_for_person",
    pauseReason: reason,
    write: async (change) => {
      const finished = results.map(({ tool_call_id: toolCallId, ...outcome }) => ({ toolCallId, outcome }));
      await finishToolExecutions(change.tx, { chatId, finished });
      change.run.crashCount = 0;
    },
  });
}

export type CommittedCompaction = {
  boundary: Boundary;
  /** What the summary cost. */
  call: ModelCall | null;
  /** Compactions in a row, this one included. */
  count: number;
  /** Idle, or on with the head of the queue, in the same transaction. */
  isTurnOver: boolean;
};

/** A summary takes the place of what the model saw; the next model call starts at once, unless the turn is over. */
export async function commitCompaction(
  writer: ChatWriter,
  { chatId, fence, compaction }: Runner & { compaction: CommittedCompaction },
): Promise<Run> {
  const { boundary, call, count, isTurnOver } = compaction;
  const { run } = await transition(writer, {
    chatId,
    fence,
    event: isTurnOver ? "finish_turn" : "commit_compaction",
    write: async (change) => {
      await change.insertBoundary(boundary);
      recordCall(change, call);
      change.run = { crashCount: 0, compactionCount: count, request: null };
      if (!isTurnOver) change.run.generationAttempt = 1;
    },
  });
  return run;
}

/** A failed attempt waits: what the viewers see, and what it cost. */
export async function recordAttempt(
  writer: ChatWriter,
  { chatId, fence, retry, call }: Runner & { retry: RetryState; call: ModelCall | null },
): Promise<Run> {
  const { run } = await transition(writer, {
    chatId,
    fence,
    event: "attempt",
    write: async (change) => {
      recordCall(change, call);
      change.run = { retryState: retry, retryCount: retry.attempt };
    },
  });
  return run;
}

/** The next attempt begins: a new episode, and the retry is over. */
export async function beginAttempt(writer: ChatWriter, { chatId, fence }: Runner): Promise<Run> {
  const { run } = await transition(writer, {
    chatId,
    fence,
    event: "attempt",
    write: async (change) => {
      change.run = { retryState: null, generationAttempt: change.chat.run.generationAttempt + 1 };
    },
  });
  return run;
}

/** The turn is over, with its last answer if that is not committed yet: idle, or on with the head of the queue. */
export async function finishTurn(
  writer: ChatWriter,
  { chatId, fence, answer }: Runner & { answer?: CommittedAnswer },
): Promise<void> {
  await transition(writer, {
    chatId,
    fence,
    event: "finish_turn",
    write: async (change) => {
      if (!answer) return;
      change.insertAnswer(answer);
      change.run.crashCount = 0;
    },
  });
}

/** The turn ends in an error. The queue is kept; `call` is what the failed call cost. */
export async function failTurn(
  writer: ChatWriter,
  { chatId, fence, error, call }: { chatId: string; fence?: Fence; error: ChatError; call: ModelCall | null },
): Promise<void> {
  await transition(writer, { chatId, fence, event: "fail", error, write: async (change) => recordCall(change, call) });
}

/**
 * Gives the chat back without an error: shutdown, or a lease given up. The acquisition is not held against it, unless
 * the run crashed.
 */
export async function requeue(
  writer: ChatWriter,
  { chatId, fence, call, crashed = false }: Runner & { call: ModelCall | null; crashed?: boolean },
): Promise<void> {
  await transition(writer, {
    chatId,
    fence,
    event: "requeue",
    write: async (change) => {
      recordCall(change, call);
      if (!crashed) change.run.crashCount = Math.max(0, change.chat.run.crashCount - 1);
    },
  });
}

export type Interruption = {
  /** What the model had written, kept as an assistant row; null when no model call was running. */
  partial: CommittedAnswer | null;
  /** Results that had come before the stop. The calls without one get an error result. */
  results: StoredPart[];
  /** What those had printed. */
  printed?: Printed;
};

/** Ends an interruption with what there is; the queue's head goes on if there is one. */
export async function finishInterruption(
  writer: ChatWriter,
  { chatId, fence, ...interruption }: Runner & Interruption,
): Promise<void> {
  await transition(writer, {
    chatId,
    fence,
    event: "finish_interruption",
    write: async (change) => {
      keepPartial(change, interruption);
      // A compaction that was asked for by hand is stopped by hand.
      change.run.request = null;
    },
  });
}

/**
 * Takes a chat from a dead worker: a running one goes back to pending, an interrupting one ends its interruption with
 * what its checkpoints tell.
 */
export async function reapRun(writer: ChatWriter, { chatId, fence }: Runner): Promise<void> {
  await transition(writer, { chatId, fence, event: "reap" });
}

function keepPartial(change: Change, { partial, results, printed }: Interruption): void {
  if (partial && partial.parts.length > 0) change.insertAnswer(partial);
  else if (partial?.call) recordCall(change, { ...partial.call, kind: "attempt" });
  change.results = results;
  if (printed) change.printed = printed;
}

function recordCall(change: Change, call: ModelCall | null): void {
  if (!call) return;
  const { id, rootChatId, ownerId } = change.chat;
  void change.send(insertModelCall(change.tx, { chatId: id, rootChatId: rootChatId ?? id, ownerId, call }));
}
