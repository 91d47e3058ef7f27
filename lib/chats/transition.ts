/**
 * The only writer of chats, runs, messages and queue: lock, check the table and the fence, mutate, commit, then hint.
 * Never publishes inside the transaction, never holds it across a model or tool call.
 */
import type { Sql, TransactionSql } from "postgres";
import { beginPipelined, sendCommit } from "@/db/pipelined";
import { findChatFacts } from "@/db/queries/chat-facts";
import type { KnownPrompt } from "@/db/queries/chat-history";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { type LockedChat, lockChat, type Run, updateRun } from "@/db/queries/chat-transition";
import { readTurnStart } from "@/db/queries/turn-start";
import type { ChatError, ChatStatus, PauseReason } from "@/lib/contract/chats";
import { notFound } from "@/lib/contract/errors";
import type { WatchKind } from "@/lib/contract/events";
import { failpoint } from "@/lib/failpoint";
import type { ChatNews, PubSub } from "@/lib/pubsub";
import { findLimitInside, limitReached } from "./budget";
import { Change } from "./change";
import { acquireAtOnce, type Claim, type Claims, claimedRun, type GivenStart, toAcquired } from "./claims";
import { illegal } from "./illegal";
import { keepStep } from "./keep-step";
import { LostLeaseError } from "./lost-lease";
import { newsOf } from "./news";
import { failOpenCalls } from "./open-calls";
import { type Incoming, type Placed, place } from "./place";
import { type ChatEventName, type Decision, decide } from "./state";

export type ChatWriter = {
  sql: Sql;
  pubsub: PubSub;
  /** Slots of a worker in this process, for chats that are given something to do; absent: they wait for a claim. */
  claims?: Claims;
};

/** What a runner must still hold for its commit to count. */
export type Fence = { runnerId: string; historyVersion?: number };

type TransitionOptions<T> = {
  chatId: string;
  event: ChatEventName;
  /** A person acts: another person's chat is not found. */
  ownerId?: string;
  /** The daemon acts: nothing is written once another runner, or none, owns the chat. */
  fence?: Fence;
  incoming?: Incoming;
  /** A chat that would be pending runs at once, where this process has a free slot. */
  mayClaim?: boolean;
  /** Work of a person, refused at a spend limit. Within `withinBudget`. */
  mustAfford?: boolean;
  /** Of a pause. */
  pauseReason?: PauseReason;
  /** Of a failure. */
  error?: ChatError;
  /** Writes that belong to this event, before calls are answered and messages placed. */
  write?: (change: Change) => Promise<T>;
  /** Last chance to take part in the transaction, with everything in place. */
  beforeCommit?: (tx: TransactionSql, outcome: Outcome<T>) => Promise<void>;
};

export type Outcome<T> = {
  chat: LockedChat;
  decision: Decision;
  run: Run;
  placed: Placed | null;
  written: T | undefined;
  stepped: boolean;
  abandoned: string[];
  /** It was claimed in the same transaction. */
  acquired: Acquired | undefined;
};

type Acquired = { run: AcquiredRun; given: GivenStart };

/**
 * Applies one event to one chat.
 * @throws ApiError `not_found` for a missing or foreign chat, `conflict` when the table forbids the event or at a limit;
 * LostLeaseError when the fence does not hold.
 */
export async function transition<T = undefined>(
  writer: ChatWriter,
  options: TransitionOptions<T>,
): Promise<Outcome<T>> {
  const { event } = options;
  const claim = options.mayClaim ? writer.claims?.reserve() : undefined;
  const apply = async (tx: TransactionSql) => {
    const applied = await failpoint("transition.apply", () => applyEvent(tx, options, claim), event);
    if (!options.beforeCommit) sendCommit(tx);
    const answered = await applied.answer();
    await options.beforeCommit?.(tx, answered.outcome);
    return answered;
  };
  const commit = () => failpoint("transition.commit", () => beginPipelined(writer.sql, apply), event);
  const answered = await commit().catch((error) => {
    claim?.release();
    throw error;
  });
  const { outcome } = answered;
  try {
    failpoint("transition.hint", () => publish(writer.pubsub, answered), event);
  } finally {
    // After the hint: a run that tells of itself first has no news, and its viewers would read.
    if (outcome.acquired) claim?.start(outcome.acquired.run, outcome.acquired.given);
    else claim?.release();
  }
  return outcome as Outcome<T>;
}

type Answered<T> = { outcome: Outcome<T>; updatedAt: string | undefined; news: ChatNews | undefined };

/** Sends everything that the event writes. `answer` waits until all of it is written, which the commit makes durable. */
async function applyEvent<T>(
  tx: TransactionSql,
  options: TransitionOptions<T>,
  claim: Claim | undefined,
): Promise<{ answer: () => Promise<Answered<T>> }> {
  const { chatId, ownerId, mustAfford = false } = options;
  const locking = lockChat(tx, { chatId, workerId: claim?.workerId });
  const limit = mustAfford && ownerId ? findLimitInside(tx, { ownerId, chatId }) : null;
  const [chat, reached] = await Promise.all([locking, limit]);
  if (!chat || (ownerId !== undefined && chat.ownerId !== ownerId)) throw notFound();
  checkFence(chat, options.fence);
  const decided = decide(toState(chat), options.event);
  if (!decided) throw illegal(chat, options.event);
  if (reached) throw limitReached(reached);

  const change = new Change(tx, chat);
  const taken = claim && chat.hasWorker && decided.to === "pending" ? claim : undefined;
  const decision = taken ? acquireAtOnce(decided) : decided;
  const written = await options.write?.(change);
  if (decision.openCalls === "fail" && isOrphaned(chat.status, options)) await keepStep(change);
  if (decision.openCalls !== "keep") await failOpenCalls(change, decision.openCalls);
  const placing = options.incoming ? await place(change, decision, options.incoming) : null;
  if (decision.promoteHead) await change.promote({ withHead: true });

  const next = nextRun({ chat, decision, change });
  const run = taken ? claimedRun(next, taken) : next;
  const pauseReason = decision.to === "paused" ? (options.pauseReason ?? chat.pauseReason) : null;
  const end = { run, chat: nextChat({ chat, decision, change }, { pauseReason, error: options.error }) };
  const ending = updateRun(tx, {
    ...end,
    chatId: chat.id,
    pending: decision.to === "pending",
    awaitsCaller: pauseReason === "tool_results",
    stepped: change.stepped,
    // A chat that waits for its next worker keeps them: a stop before that one says anything keeps what was said.
    dropCheckpoints: change.historyChanged || !(isOwned(decision.to) || decision.to === "pending"),
  });
  void change.send(ending);
  const claimed = taken && change.send(readClaimed(tx, { chatId, known: taken.knownPrompt(chatId) }));
  const answer = async (): Promise<Answered<T>> => {
    await change.settled();
    const { stepped, abandoned } = change;
    const placed = (await placing?.placed) ?? null;
    const updatedAt = await ending;
    const read = await claimed;
    const acquired = read && {
      run: toAcquired({ chat, run, facts: read.facts, updatedAt: updatedAt ?? chat.updatedAt }),
      given: { ...read.start, isAffordable: mustAfford },
    };
    const outcome = { chat, decision, run, placed, written, stepped, abandoned, acquired };
    return { outcome, updatedAt, news: newsOf({ change, end, updatedAt }) };
  };
  return { answer };
}

async function readClaimed(tx: TransactionSql, chat: { chatId: string; known: KnownPrompt | undefined }) {
  const [facts, start] = await Promise.all([findChatFacts(tx, chat), readTurnStart(tx, chat)]);
  if (!facts) throw notFound();
  return { facts, start };
}

function checkFence(chat: LockedChat, fence: Fence | undefined): void {
  if (!fence) return;
  const stale = fence.historyVersion !== undefined && fence.historyVersion !== chat.run.historyVersion;
  if (chat.run.runnerId !== fence.runnerId || stale) throw new LostLeaseError(chat.id);
}

const toState = (chat: LockedChat) => ({
  status: chat.status,
  pauseReason: chat.pauseReason,
  queueEmpty: chat.queueCount === 0,
  archived: chat.archived,
  isChild: chat.parentChatId !== null,
});

const isIdle = (status: ChatStatus) => status === "waiting" || status === "completed" || status === "error";

/** Nobody will tell what the step had said: it waits for its next worker, or its last one is dead. */
const isOrphaned = (status: ChatStatus, { event }: { event: ChatEventName }) =>
  status === "pending" || event === "reap";

/** A runner owns the chat in these statuses. */
const isOwned = (status: ChatStatus) => status === "running" || status === "interrupting";

type Next = { chat: LockedChat; decision: Decision; change: Change };

function nextRun({ chat, decision, change }: Next): Run {
  const { run } = chat;
  const version = change.version;
  const owned = isOwned(decision.to);
  const retryOver = change.historyChanged || decision.to !== "running";
  return {
    snapshotVersion: version,
    historyVersion: change.historyChanged ? version : run.historyVersion,
    queueVersion: change.queueChanged ? version : run.queueVersion,
    resetVersion: change.historyRemoved ? version : run.resetVersion,
    generationAttempt: change.historyChanged ? 0 : run.generationAttempt,
    workerId: owned ? run.workerId : null,
    runnerId: owned ? run.runnerId : null,
    // A person's message is a new try: what went wrong before is not held against it.
    crashCount: change.accepted ? 0 : run.crashCount,
    retryCount: change.historyChanged ? 0 : run.retryCount,
    retryState: retryOver ? null : run.retryState,
    request: owned || decision.to === "pending" ? run.request : null,
    // Of calls that are still open.
    activity: (owned || decision.to === "pending") && !isCutShort({ decision, change }) ? run.activity : null,
    turnSteps: run.turnSteps,
    turnRuntimeMs: run.turnRuntimeMs,
    compactionCount: run.compactionCount,
    ...change.run,
  };
}

const isCutShort = ({ decision, change }: Omit<Next, "chat">) => change.historyRemoved || decision.openCalls !== "keep";

type Reasons = { pauseReason: PauseReason | null; error: ChatError | undefined };

function nextChat({ chat, decision, change }: Next, { pauseReason, error }: Reasons) {
  const moved = decision.to !== chat.status;
  if (!moved && !change.accepted) return null;
  return {
    status: decision.to,
    pauseReason,
    lastError: decision.to === "error" ? (error ?? chat.lastError) : null,
    renewDeadline: change.accepted && isIdle(chat.status),
  };
}

function publish(pubsub: PubSub, { outcome, updatedAt, news }: Answered<unknown>): void {
  const { chat, decision, run, stepped, abandoned } = outcome;
  const watch: WatchKind[] = [];
  if (updatedAt !== undefined) watch.push("status_change");
  // What a subagent does is shown in lists.
  if (stepped && chat.parentChatId !== null) watch.push("summary_change");
  if (decision.to === "paused" && chat.status !== "paused") watch.push("action_required");
  const { id: chatId, ownerId, rootChatId } = chat;
  const [version, status] = [run.snapshotVersion, decision.to];
  const runnable = status === "pending";
  pubsub.publish({ type: "chat", chatId, ownerId, rootChatId, version, status, watch, runnable }, news);
  if (abandoned.length > 0) pubsub.publish({ type: "cancel", chatId, toolCallIds: abandoned });
}
