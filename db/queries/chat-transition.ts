/**
 * The statements of a transition: lock, read, insert, and the one update that ends it. Called by `lib/chats` alone.
 * Decides nothing; hand-written because they are the hottest writes and the driver prepares them. Writes are sent when
 * they are called, also if nobody waits for their answer yet.
 */
import type { SqlExecutor } from "@/db/client";
import type { ChatError, ChatStatus, PauseReason } from "@/lib/contract/chats";
import type { RetryState } from "@/lib/contract/events";
import type { MessageRole, MessageVisibility, ReasoningEffort, StoredPart } from "@/lib/contract/messages";
import { CONTENT_VERSION } from "../content";
import { toJsonb } from "../json";
import { type ModelCall, RECORDED_COLUMNS, recordCall } from "./model-calls";

export type Run = {
  snapshotVersion: number;
  historyVersion: number;
  queueVersion: number;
  resetVersion: number;
  generationAttempt: number;
  workerId: string | null;
  runnerId: string | null;
  crashCount: number;
  retryCount: number;
  retryState: RetryState | null;
  request: "compact" | null;
  /** What the last answer asked for; null once its results are in. */
  activity: string | null;
  turnSteps: number;
  turnRuntimeMs: number;
  compactionCount: number;
};

export type LockedChat = {
  id: string;
  ownerId: string;
  parentChatId: string | null;
  rootChatId: string | null;
  status: ChatStatus;
  pauseReason: PauseReason | null;
  archived: boolean;
  lastError: ChatError | null;
  lastModelConfigId: string | null;
  updatedAt: string;
  queueCount: number;
  /** The worker that would claim it is registered: nobody has taken it for dead. */
  hasWorker: boolean;
  run: Run;
};

/**
 * Locks the run and reads the chat; `workerId`: who would claim it. Two statements in one round trip: the second takes
 * its snapshot after the lock, so it sees what the previous owner of the lock committed.
 */
export async function lockChat(
  tx: SqlExecutor,
  { chatId, workerId }: { chatId: string; workerId?: string },
): Promise<LockedChat | undefined> {
  const [[run], [chat]] = await Promise.all([
    tx<Run[]>`
      SELECT snapshot_version AS "snapshotVersion", history_version AS "historyVersion",
        queue_version AS "queueVersion", reset_version AS "resetVersion", generation_attempt AS "generationAttempt",
        worker_id AS "workerId", runner_id AS "runnerId", crash_count AS "crashCount", retry_count AS "retryCount",
        retry_state AS "retryState", request, activity, turn_steps AS "turnSteps", turn_runtime_ms AS "turnRuntimeMs",
        compaction_count AS "compactionCount"
      FROM chat_runs WHERE chat_id = ${chatId} FOR UPDATE`,
    tx<Omit<LockedChat, "run">[]>`
      SELECT c.id, c.owner_id AS "ownerId", c.parent_chat_id AS "parentChatId", c.root_chat_id AS "rootChatId",
        c.status, c.pause_reason AS "pauseReason", c.archived, c.last_error AS "lastError",
        c.last_model_config_id AS "lastModelConfigId", c.updated_at AS "updatedAt",
        (SELECT count(*)::int FROM chat_queued_messages q WHERE q.chat_id = c.id) AS "queueCount",
        EXISTS (SELECT FROM workers WHERE id = ${workerId ?? null}) AS "hasWorker"
      FROM chats c WHERE c.id = ${chatId}`,
  ]);
  return run && chat ? { ...chat, run } : undefined;
}

export type NewMessage = {
  chatId: string;
  historyVersion: number;
  role: MessageRole;
  visibility?: MessageVisibility;
  parts: StoredPart[];
  createdBy?: string | null;
  /** Moves the chat's model, if it is given and differs. */
  modelConfigId?: string | null;
  /** It does not differ: that is known under the lock. */
  keepsModel?: boolean;
  reasoningEffort?: ReasoningEffort | null;
  /** Of a summary and its visible pair: no part of the prompt but for the newest summary itself. */
  compressed?: boolean;
  /** Of a summary. */
  replayedMessageIds?: number[] | null;
};

export type InsertedMessage = { id: number; createdAt: string };

/** A row with what its insert has answered. An answer has a call, if its provider reported usage. */
export type WrittenMessage = {
  message: NewMessage & { call?: Pick<ModelCall, "usage" | "costMicros"> | null };
  inserted: InsertedMessage;
};

type OfModel = Pick<NewMessage, "chatId" | "modelConfigId" | "keepsModel">;

/**
 * A named subquery that moves the chat's model, when it differs: an unchanged one leaves the chat's row version (`xmin`)
 * alone. Undefined when it cannot differ: to look costs a quarter of an insert.
 */
const moveModel = (tx: SqlExecutor, { chatId, modelConfigId, keepsModel }: OfModel) =>
  modelConfigId && !keepsModel
    ? tx`model AS (
      UPDATE chats SET last_model_config_id = ${modelConfigId}
      WHERE id = ${chatId} AND last_model_config_id IS DISTINCT FROM ${modelConfigId})`
    : undefined;

/** Inserts a message and moves the chat's model with it: one statement. Primary-key insert. */
export async function insertMessage(tx: SqlExecutor, message: NewMessage): Promise<InsertedMessage> {
  const moving = moveModel(tx, message);
  const [row] = await tx<InsertedMessage[]>`
    ${moving ? tx`WITH ${moving}` : tx``}
    INSERT INTO chat_messages (chat_id, history_version, role, visibility, content, content_version, created_by,
      model_config_id, reasoning_effort, compressed, replayed_message_ids)
    VALUES (${message.chatId}, ${message.historyVersion}, ${message.role}, ${message.visibility ?? "both"},
      ${toJsonb(message.parts)}::jsonb, ${CONTENT_VERSION}, ${message.createdBy ?? null},
      ${message.modelConfigId ?? null}, ${message.reasoningEffort ?? null}, ${message.compressed ?? false},
      ${message.replayedMessageIds ?? null})
    RETURNING id, created_at AS "createdAt"`.execute();
  return row as InsertedMessage;
}

export type NewAnswer = {
  chatId: string;
  rootChatId: string;
  ownerId: string;
  historyVersion: number;
  parts: StoredPart[];
  modelConfigId: string | null;
  keepsModel?: boolean;
  runtimeMs: number | null;
  /** Null when the provider reported no usage: nothing is recorded. */
  call: ModelCall | null;
};

/** The assistant row, its usage and cost, the record of the call with its roll-up, and the move of the chat's model: one statement. */
export async function insertAnswer(tx: SqlExecutor, answer: NewAnswer): Promise<InsertedMessage> {
  const { call } = answer;
  const usage = call?.usage;
  const record = call ? tx`, ${recordCall(tx, { ...answer, call })}` : tx``;
  const moving = moveModel(tx, answer);
  const [row] = await tx<InsertedMessage[]>`
    WITH ${moving ? tx`${moving},` : tx``} message AS (
      INSERT INTO chat_messages (chat_id, history_version, role, content, content_version, model_config_id,
        input_tokens, output_tokens, reasoning_tokens, cache_read_tokens, cache_creation_tokens, total_cost_micros,
        runtime_ms)
      VALUES (${answer.chatId}, ${answer.historyVersion}, 'assistant', ${toJsonb(answer.parts)}::jsonb,
        ${CONTENT_VERSION}, ${answer.modelConfigId}, ${usage?.input_tokens ?? null}, ${usage?.output_tokens ?? null},
        ${usage?.reasoning_tokens ?? null}, ${usage?.cache_read_tokens ?? null},
        ${usage?.cache_creation_tokens ?? null}, ${call?.costMicros ?? null}, ${answer.runtimeMs})
      RETURNING ${tx.unsafe(RECORDED_COLUMNS)}, created_at
    )${record}
    SELECT id, created_at AS "createdAt" FROM message`.execute();
  return row as InsertedMessage;
}

/** Five minutes: a program that is asked answers, or it is not there. */
const ANSWER_SECONDS = 300;

export type TransitionEnd = {
  chatId: string;
  run: Run;
  /** Sets `runnable_since` exactly while the chat is pending. */
  pending: boolean;
  /** Sets `answer_due_at` exactly while the chat is paused for the caller's results. */
  awaitsCaller: boolean;
  /** Parts that were checkpointed for a step which now has its row, or never will. */
  dropCheckpoints: boolean;
  /** A step was committed: progress. */
  stepped: boolean;
  /** Null: the chat's row is not written. */
  chat: {
    status: ChatStatus;
    pauseReason: PauseReason | null;
    lastError: ChatError | null;
    /** An idle chat was given more to do: a subagent's time begins anew. */
    renewDeadline: boolean;
  } | null;
};

/** The update that ends every transition. Returns `updated_at` when the chat's row was written. */
export async function updateRun(tx: SqlExecutor, end: TransitionEnd): Promise<string | undefined> {
  const { run, chat } = end;
  const writing = chat ? tx`, ${updateChat(tx, { chatId: end.chatId, chat })}` : tx``;
  const [row] = await tx<{ updatedAt: string }[]>`
    WITH dropped AS (
      DELETE FROM chat_part_checkpoints WHERE chat_id = ${end.chatId} AND ${end.dropCheckpoints}
    )${writing}
    UPDATE chat_runs SET snapshot_version = ${run.snapshotVersion}, history_version = ${run.historyVersion},
      queue_version = ${run.queueVersion}, reset_version = ${run.resetVersion},
      generation_attempt = ${run.generationAttempt}, worker_id = ${run.workerId}, runner_id = ${run.runnerId},
      crash_count = ${run.crashCount}, retry_count = ${run.retryCount},
      retry_state = ${run.retryState ? toJsonb(run.retryState) : null}::jsonb, request = ${run.request},
      activity = ${run.activity},
      last_step_at = CASE WHEN ${end.stepped} THEN clock_timestamp() ELSE last_step_at END,
      turn_steps = ${run.turnSteps}, turn_runtime_ms = ${run.turnRuntimeMs}, compaction_count = ${run.compactionCount},
      runnable_since = CASE WHEN ${end.pending} THEN coalesce(runnable_since, now()) END,
      answer_due_at = CASE WHEN ${end.awaitsCaller} THEN
        coalesce(answer_due_at, now() + ${ANSWER_SECONDS} * interval '1 second') END
    WHERE chat_id = ${end.chatId} ${chat ? tx`RETURNING (SELECT updated_at FROM chat) AS "updatedAt"` : tx``}`.execute();
  return row?.updatedAt;
}

type WrittenChat = { chatId: string; chat: NonNullable<TransitionEnd["chat"]> };

/** The named subquery `chat`. A step in the middle of a turn does without: a quarter less CPU. */
const updateChat = (tx: SqlExecutor, { chatId, chat }: WrittenChat) => tx`
  chat AS (
    UPDATE chats SET status = ${chat.status}, pause_reason = ${chat.pauseReason},
      last_error = ${chat.lastError ? toJsonb(chat.lastError) : null}::jsonb,
      deadline_at = CASE WHEN ${chat.renewDeadline}
        THEN clock_timestamp() + deadline_seconds * interval '1 second' ELSE deadline_at END,
      updated_at = clock_timestamp()
    WHERE id = ${chatId}
    RETURNING updated_at
  )`;
