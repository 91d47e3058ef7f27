/** What one transition writes under its lock, and what it thereby changed. Made by `transition.ts` alone. */
import type { TransactionSql } from "postgres";
import { deletePromotedItems } from "@/db/queries/chat-queue-writes";
import {
  type InsertedMessage,
  insertAnswer,
  insertMessage,
  type LockedChat,
  type NewAnswer,
  type NewMessage,
  type Run,
  type WrittenMessage,
} from "@/db/queries/chat-transition";
import type { Printed } from "@/lib/contract/fold-parts";
import type { MessageRole, MessageVisibility, ReasoningEffort, StoredPart } from "@/lib/contract/messages";

type ModelChoice = { modelConfigId?: string | null; reasoningEffort?: ReasoningEffort | null };

export type Boundary = {
  summary: StoredPart[];
  /** Unanswered messages, which the model reads again after the summary. */
  replayedMessageIds: number[];
  call: StoredPart;
  result: StoredPart;
};

type TurnCounters = Pick<Run, "turnSteps" | "turnRuntimeMs" | "compactionCount">;

/** A person has looked: what the turn may still do begins anew, and what was asked for before is over. */
const NEW_TURN = { turnSteps: 0, turnRuntimeMs: 0, compactionCount: 0, request: null };

/** Collects the writes of one transition; the run's versions follow from what changed. */
export class Change {
  readonly tx: TransactionSql;
  readonly chat: LockedChat;
  readonly version: number;
  historyChanged = false;
  queueChanged = false;
  historyRemoved = false;
  /** A person's message came in: `updated_at` moves. */
  accepted = false;
  /** A runner committed an answer or results: progress. */
  stepped = false;
  /** Results that came before a stop; the open calls without one get an error. */
  results: StoredPart[] = [];
  /** What the calls had printed that get an error. */
  printed: Printed = new Map();
  /** Calls that may still run in the workspace although nobody waits for their results any more. */
  abandoned: string[] = [];
  /** Overrides of the run's bookkeeping by the event. */
  run: Partial<
    Pick<Run, "generationAttempt" | "crashCount" | "retryCount" | "retryState" | "request" | "activity"> & TurnCounters
  > = {};

  /** The rows that came of it, once everything is settled, in the order of their ids. */
  readonly written: WrittenMessage[] = [];

  readonly #sent: Promise<unknown>[] = [];
  /** The chat's model after what was sent: nobody else moves it. */
  #modelConfigId: string | null;

  constructor(tx: TransactionSql, chat: LockedChat) {
    this.tx = tx;
    this.chat = chat;
    this.version = chat.run.snapshotVersion + 1;
    this.#modelConfigId = chat.lastModelConfigId;
  }

  /** A statement that is on its way: the transition ends when it was answered, and fails if it did. */
  send<T>(answer: Promise<T>): Promise<T> {
    this.#sent.push(answer);
    // Whoever waits for all of them hears of it.
    answer.catch(() => {});
    return answer;
  }

  /** Every statement that was sent has been answered. */
  async settled(): Promise<void> {
    await Promise.all(this.#sent);
  }

  /** Inserts a row that no person sent, or with `createdBy` one that a person did. Sent at once. */
  insert(
    message: {
      role: MessageRole;
      parts: StoredPart[];
      createdBy?: string | null;
      visibility?: MessageVisibility;
    } & ModelChoice,
  ): Promise<InsertedMessage> {
    this.historyChanged = true;
    if (message.role === "user") this.run = { ...this.run, ...NEW_TURN };
    const keepsModel = this.#keepsModel(message);
    return this.#insertRow({ chatId: this.chat.id, historyVersion: this.version, keepsModel, ...message });
  }

  /** Adds to what the turn has done so far. */
  countWork({ steps, runtimeMs }: { steps: number; runtimeMs: number }): void {
    const { turnSteps, turnRuntimeMs } = { ...this.chat.run, ...this.run };
    this.run = { ...this.run, turnSteps: turnSteps + steps, turnRuntimeMs: turnRuntimeMs + runtimeMs };
  }

  /** The summary that stands for everything before it, and what people see in its place. */
  async insertBoundary({ summary, replayedMessageIds, call, result }: Boundary): Promise<void> {
    this.historyChanged = true;
    const row = { chatId: this.chat.id, historyVersion: this.version, compressed: true };
    await this.#insertRow({ ...row, role: "user", visibility: "model", parts: summary, replayedMessageIds });
    await this.#insertRow({ ...row, role: "assistant", visibility: "user", parts: [call] });
    await this.#insertRow({ ...row, role: "tool", visibility: "both", parts: [result] });
  }

  /** The row of an answer, and what it cost. Sent at once. */
  insertAnswer(answer: Pick<NewAnswer, "parts" | "modelConfigId" | "runtimeMs" | "call">): void {
    this.historyChanged = true;
    const { id, ownerId, rootChatId } = this.chat;
    const at = { chatId: id, rootChatId: rootChatId ?? id, ownerId, historyVersion: this.version };
    const row = { ...answer, ...at, keepsModel: this.#keepsModel(answer) };
    void this.#keep({ ...row, role: "assistant" }, insertAnswer(this.tx, row));
  }

  #keepsModel({ modelConfigId }: ModelChoice): boolean {
    const known = this.#modelConfigId;
    this.#modelConfigId = modelConfigId ?? known;
    return this.#modelConfigId === known;
  }

  #insertRow(message: NewMessage): Promise<InsertedMessage> {
    return this.#keep(message, insertMessage(this.tx, message));
  }

  #keep(message: WrittenMessage["message"], answer: Promise<InsertedMessage>): Promise<InsertedMessage> {
    const kept = answer.then((inserted) => {
      this.written.push({ message, inserted });
      return inserted;
    });
    return this.send(kept);
  }

  /** Moves waiting steers, and with `withHead` the head of the others, into the chat. Returns how many. */
  async promote(options: { withHead: boolean }): Promise<number> {
    const items = await deletePromotedItems(this.tx, { chatId: this.chat.id, ...options });
    for (const item of items) await this.insert({ role: "user", ...item });
    if (items.length > 0) this.queueChanged = this.accepted = true;
    return items.length;
  }
}
