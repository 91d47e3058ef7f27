import { expect, test } from "vitest";
import { newId } from "@/lib/ids";
import {
  decodeCursor,
  encodeCursor,
  encodeWatchCursor,
  findPosition,
  findWatchPosition,
  startPosition,
} from "@/lib/streams/cursor";

const chatId = newId();
const position = {
  resetVersion: 3,
  lastMessageId: 9_007_199_254_740,
  version: 41,
  historyVersion: 40,
  attempt: 2,
  seq: 1_234,
  isDone: false,
};

test("a cursor brings its position back", () => {
  for (const at of [position, startPosition(), { ...position, isDone: true }]) {
    const cursor = encodeCursor(chatId, at);
    expect(cursor).toMatch(/^[\w-]{1,150}$/);
    expect(decodeCursor(chatId, cursor)).toEqual(at);
  }
});

test.each([
  "",
  "x",
  "AAAA",
  "~",
  "null",
  encodeWatchCursor(newId(), 4),
  encodeCursor(newId(), position),
  "é".repeat(99),
])("%j is not a cursor of this chat", (cursor) => {
  expect(findPosition(chatId, cursor)).toBeUndefined();
  expect(() => decodeCursor(chatId, cursor)).toThrow(/cannot be read/);
});

test("a list's cursor counts within one process only", () => {
  const bootId = newId();
  expect(findWatchPosition(bootId, encodeWatchCursor(bootId, 17))).toBe(17);
  expect(findWatchPosition(bootId, encodeWatchCursor(newId(), 17))).toBe("elsewhere");
  expect(findWatchPosition(bootId, encodeCursor(chatId, position))).toBeUndefined();
});
