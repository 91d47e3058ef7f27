import { expect, test } from "vitest";
import { placePin } from "@/lib/chats/pins";

test.each([
  ["an unpinned chat goes to the end", "abc", "d", 1, "abcd"],
  ["the first pin", "", "a", 9, "a"],
  ["a pinned chat moves up", "abc", "c", 1, "cab"],
  ["a pinned chat moves down", "abc", "a", 2, "bac"],
  ["a pinned chat stays", "abc", "b", 2, "abc"],
  ["beyond the end is the end", "abc", "a", 99, "bca"],
  ["unpinning closes the gap", "abc", "b", null, "ac"],
  ["unpinning what is not pinned", "abc", "d", null, "abc"],
])("%s", (_name, pins, chatId, place, expected) => {
  expect(placePin([...pins], chatId, place).join("")).toBe(expected);
});
