import { expect, test } from "vitest";
import { hasLeft } from "@/components/chat/has-left";

const here = { archived: false };
const archived = { archived: true };

test.each([
  ["a stream that goes on", false, { isDone: false, listed: here }, false],
  ["a chat that is not in the list, while its stream goes on", false, { isDone: false, listed: undefined }, false],
  ["a stream that ends while the list has the chat: access was lost", false, { isDone: true, listed: here }, false],
  ["an archived chat", false, { isDone: true, listed: archived }, true],
  ["an archived chat that the list leaves out", false, { isDone: true, listed: undefined }, true],
  ["an archived chat that is back", true, { isDone: true, listed: here }, true],
])("%s", (_name, before, now, left) => expect(hasLeft(before, now)).toBe(left));
