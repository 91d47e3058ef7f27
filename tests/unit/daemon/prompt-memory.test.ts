import { expect, test } from "vitest";
import type { HistoryRow } from "@/db/queries/chat-history";
import { createPromptMemory } from "@/lib/daemon/prompt-memory";

let id = 0;
const rowOf = (length: number): HistoryRow => ({
  id: ++id,
  role: "user",
  parts: [{ type: "text", text: "x".repeat(length) }],
  modelConfigId: null,
  tokensAfter: null,
  isSummary: false,
});
const prompt = (...rows: HistoryRow[]) => ({ rows, resetVersion: 1 });

test("the prompts that ran longest ago are forgotten when all together are too large", () => {
  const memory = createPromptMemory({ maxSize: 3_000 });
  memory.keep("one", prompt(rowOf(1_000)));
  memory.keep("two", prompt(rowOf(1_000)));
  memory.keep("one", prompt(rowOf(1_000)));
  memory.keep("three", prompt(rowOf(1_000)));
  expect(["one", "two", "three"].map((chatId) => memory.find(chatId) !== undefined)).toEqual([true, false, true]);
});

test("a prompt that grows is counted with what is new, and forgotten when it is larger than all may be", () => {
  const memory = createPromptMemory({ maxSize: 3_000 });
  const rows = [rowOf(1_000)];
  memory.keep("one", prompt(...rows));
  rows.push(rowOf(1_000));
  memory.keep("one", prompt(...rows));
  memory.keep("two", prompt(rowOf(500)));
  expect(memory.find("one")?.rows).toEqual(rows);
  expect(memory.find("two")).toBeDefined();
  rows.push(rowOf(1_000));
  memory.keep("one", prompt(...rows));
  expect(memory.find("one")).toBeUndefined();
  expect(memory.find("two")).toBeDefined();
});

test("no more chats are kept than it may hold, and an empty prompt is none", () => {
  const memory = createPromptMemory({ maxChats: 2 });
  for (const chatId of ["one", "two", "three"]) memory.keep(chatId, prompt(rowOf(1)));
  memory.keep("three", prompt());
  expect(["one", "two", "three"].map((chatId) => memory.find(chatId) !== undefined)).toEqual([false, true, false]);
});
