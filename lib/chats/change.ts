/** What one transition writes under its lock, and what it thereby changed. Made by `transition.ts` alone. */
import type { TransactionSql } from "postgres";
import { deletePromotedItems } from "@/db/queries/chat-queue-writes";
import { insertAnswer, insertMessage, type LockedChat, type NewAnswer, type Run } from "@/db/queries/chat-transition";
import type { MessageRole, ReasoningEffort, StoredPart } from "@/lib/contract/messages";

type ModelChoice = { modelConfigId?: string | null; reasoningEffort?: ReasoningEffort | null };

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
  /** Overrides of the run's bookkeeping by the event. */
  run: Partial<Pick<Run, "generationAttempt" | "crashCount" | "retryCount" | "retryState" | "request" | "activity">> =
    {};

  constructor(tx: TransactionSql, chat: LockedChat) {
    this.tx = tx;
    this.chat = chat;
    this.version = chat.run.snapshotVersion + 1;
  }

  /** Inserts a row that no person sent, or with `createdBy` one that a person did. */
  async insert(message: { role: MessageRole; parts: StoredPart[]; createdBy?: string | null } & ModelChoice) {
    this.historyChanged = true;
    return insertMessage(this.tx, { chatId: this.chat.id, historyVersion: this.version, ...message });
  }

  async insertAnswer(answer: Pick<NewAnswer, "parts" | "modelConfigId" | "runtimeMs" | "call">) {
    this.historyChanged = true;
    const { id, ownerId, rootChatId } = this.chat;
    return insertAnswer(this.tx, {
      ...answer,
      chatId: id,
      rootChatId: rootChatId ?? id,
      ownerId,
      historyVersion: this.version,
    });
  }

  /** Moves waiting steers, and with `withHead` the head of the others, into the chat. Returns how many. */
  async promote(options: { withHead: boolean }): Promise<number> {
    const items = await deletePromotedItems(this.tx, { chatId: this.chat.id, ...options });
    for (const item of items) await this.insert({ role: "user", ...item });
    if (items.length > 0) this.queueChanged = this.accepted = true;
    return items.length;
  }
}
