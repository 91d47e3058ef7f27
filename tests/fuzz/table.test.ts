import { expect, test } from "vitest";
import { CHAT_STATUSES } from "@/lib/contract/chat-status";
import { OPERATIONS } from "./operations";
import { runSequence } from "./sequence";
import { TableSubject } from "./table-subject";

test("the table equals the reference model after every operation of 20,000 sequences, and every operation met every status it can", async () => {
  const met = new Set<string>();
  for (let seed = 1; seed <= 20_000; seed++) {
    await runSequence({
      seed,
      operations: 30,
      createSubject: ({ isChild, first }) => new TableSubject(isChild, first),
      onOperation: ({ status, op }) => met.add(`${status} ${op}`),
    });
  }
  const owned = ["running", "interrupting"];
  /** Operations that a fault or a person can bring about in some statuses only. */
  const limited: Record<string, readonly string[]> = {
    respond: ["paused"],
    raise_limit: ["paused"],
    die: owned,
    requeue: owned,
    fail: owned,
  };
  const missing = OPERATIONS.flatMap((op) =>
    (limited[op] ?? CHAT_STATUSES).map((status) => `${status} ${op}`).filter((cell) => !met.has(cell)),
  );
  expect(missing).toEqual([]);
});
