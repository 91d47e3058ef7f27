import { expect, test } from "vitest";
import { beginToolExecution, finishToolExecutions, listFinishedExecutions } from "@/db/queries/tool-executions";
import { createTestDatabase } from "../support/database";
import { insertChat, insertUser } from "../support/rows";

const { sql } = await createTestDatabase();
const chatId = await insertChat(sql, { ownerId: await insertUser(sql) });

test("the first runner of a call begins it, the next learns that it was begun", async () => {
  expect(await beginToolExecution(sql, { chatId, toolCallId: "a" })).toEqual({ isNew: true });
  expect(await beginToolExecution(sql, { chatId, toolCallId: "a" })).toEqual({ isNew: false, outcome: null });
});

test("of two that begin it at once one is the first", async () => {
  const begun = await Promise.all(
    Array.from({ length: 8 }, () => beginToolExecution(sql, { chatId, toolCallId: "race" })),
  );
  expect(begun.filter(({ isNew }) => isNew)).toHaveLength(1);
});

test("a finished call tells its outcome, whatever the outcome is", async () => {
  const outcomes = [
    { result: { chat_id: "c" }, is_error: false, duration_ms: 7 },
    { result: null, is_error: false },
    { result: "bad \0 half \ud800", is_error: true },
  ];
  const finished = outcomes.map((outcome, index) => ({ toolCallId: `done-${index}`, outcome }));
  await beginToolExecution(sql, { chatId, toolCallId: "done-0" });
  await finishToolExecutions(sql, { chatId, finished });
  const known = await listFinishedExecutions(sql, { chatId, toolCallIds: ["done-0", "done-1", "done-2", "a"] });
  expect([...known.keys()].sort()).toEqual(["done-0", "done-1", "done-2"]);
  expect(known.get("done-0")).toEqual(outcomes[0]);
  expect(known.get("done-1")).toEqual(outcomes[1]);
  expect(known.get("done-2")).toEqual({ result: "bad \ufffd half \ufffd", is_error: true });
  expect(await beginToolExecution(sql, { chatId, toolCallId: "done-0" })).toEqual({
    isNew: false,
    outcome: outcomes[0],
  });
});

test("the first outcome stays", async () => {
  const finish = (result: string) =>
    finishToolExecutions(sql, { chatId, finished: [{ toolCallId: "twice", outcome: { result, is_error: false } }] });
  await finish("first");
  await finish("second");
  expect((await listFinishedExecutions(sql, { chatId, toolCallIds: ["twice"] })).get("twice")?.result).toBe("first");
});
