/**
 * The prompts of the chats that ran here last, so that a turn reads only what is newer than the turn before. Nothing
 * depends on it: what is forgotten is read again, and what is out of date is found out by the read (`readPrompt`).
 */
import type { HistoryRow, KnownPrompt } from "@/db/queries/chat-history";
import { createBoundedCache } from "@/lib/bounded-cache";

/** Characters of all prompts together; they take one or two bytes each. */
const MAX_SIZE = 16 * 1024 * 1024;
const MAX_CHATS = 500;

export type PromptMemory = {
  find(chatId: string): KnownPrompt | undefined;
  /** As the chat's newest. One that is larger than all may be together is not kept. */
  keep(chatId: string, prompt: KnownPrompt): void;
};

type Kept = KnownPrompt & { size: number };

export function createPromptMemory({ maxSize = MAX_SIZE, maxChats = MAX_CHATS } = {}): PromptMemory {
  const kept = createBoundedCache<Kept>({ maxEntries: maxChats, maxSize });
  return {
    find: kept.find,
    keep(chatId, prompt) {
      const size = sizeOf(prompt, kept.find(chatId));
      if (prompt.rows.length === 0) kept.delete(chatId);
      else kept.set(chatId, { ...prompt, size }, size);
    },
  };
}

/** Of the rows that are new; the others were counted. */
function sizeOf({ rows }: KnownPrompt, before: Kept | undefined): number {
  const counted = before?.rows.length ?? 0;
  const isContinued = before !== undefined && counted > 0 && rows[counted - 1] === before.rows[counted - 1];
  return isContinued ? before.size + charactersOf(rows.slice(counted)) : charactersOf(rows);
}

const charactersOf = (rows: readonly HistoryRow[]): number =>
  rows.reduce((sum, { parts }) => sum + JSON.stringify(parts).length, 0);
