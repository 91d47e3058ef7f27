import { expect, test } from "vitest";
import { illegal } from "@/lib/chats/illegal";
import type { ChatEventName } from "@/lib/chats/state";
import type { ChatStatus, PauseReason } from "@/lib/contract/chats";

const words = (event: ChatEventName, status: ChatStatus, pauseReason: PauseReason | null = null) =>
  illegal({ status, pauseReason, archived: false }, event);

test.each([
  ["waiting", null],
  ["running", null],
  ["paused", "spend_limit"],
] as const)("an answer to an agent that asks nothing is told so (%s)", (status, pauseReason) => {
  expect(words("resume", status, pauseReason)).toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/waits for no answer.*answered or stopped meanwhile/),
  });
});

test("what an error keeps in the queue stands in the way of clearing and rewinding, and is named", () => {
  for (const event of ["clear", "rewind"] as const) {
    expect(words(event, "error").message).toBe(
      "This agent stopped with an error and has messages in its queue. Send or remove them first.",
    );
  }
  expect(words("clear", "running").message).toBe(
    "This agent is running. Wait until it is idle and its queue is empty.",
  );
});
