import { expect, onTestFinished, test } from "vitest";
import { createSql } from "@/db/connect";
import { insertMessage } from "@/db/queries/chat-transition";
import { acquireChats } from "@/lib/chats/acquire";
import { createChat } from "@/lib/chats/create-chat";
import { interruptChat } from "@/lib/chats/interrupt";
import { LostLeaseError } from "@/lib/chats/lost-lease";
import {
  type CommittedAnswer,
  commitAnswer,
  commitResults,
  failTurn,
  finishInterruption,
  finishTurn,
  reapRun,
  requeue,
} from "@/lib/chats/runner-commits";
import { sendMessage } from "@/lib/chats/send-message";
import { INTERRUPTED_RESULT } from "@/lib/contract/interrupted-call";
import type { StoredPart } from "@/lib/contract/messages";
import { createChatWriter } from "../../support/chat-writer";
import { countLockWaits, createTestDatabase } from "../../support/database";
import { createHook, setHook } from "../../support/failpoints.mjs";
import { registerWorker } from "../../support/rows";

const { sql, address } = await createTestDatabase();
const { writer, hints, ownerId, modelConfigId, otherModelId } = await createChatWriter(sql);
const workerId = await registerWorker(sql);

async function running() {
  const { chatId } = await createChat(writer, { ownerId, content: "Fix it", modelConfigId });
  const acquired = await acquireChats(writer, { workerId, limit: 10 });
  const run = acquired.find((candidate) => candidate.chatId === chatId);
  if (!run) throw new Error("not acquired");
  return { chatId, fence: { runnerId: run.runnerId }, run };
}

const call = (id: string): StoredPart => ({ type: "tool-call", tool_call_id: id, tool_name: "execute", args: {} });
const result = (id: string): StoredPart => ({
  type: "tool-result",
  tool_call_id: id,
  tool_name: "execute",
  result: id,
  is_error: false,
});
const answer = (...parts: StoredPart[]): CommittedAnswer => ({ parts, modelConfigId, runtimeMs: 5, call: null });
const text = (value: string): StoredPart => ({ type: "text", text: value });

const xminOf = async (chatId: string) => (await sql`SELECT xmin::text FROM chats WHERE id = ${chatId}`)[0]?.xmin;
const modelOf = async (chatId: string) =>
  (await sql`SELECT last_model_config_id AS id FROM chats WHERE id = ${chatId}`)[0]?.id;
const chatOf = async (chatId: string) =>
  (
    await sql`SELECT c.status, c.last_error, r.* FROM chats c JOIN chat_runs r ON r.chat_id = c.id WHERE c.id = ${chatId}`
  )[0];
const rowsOf = async (chatId: string) =>
  await sql`SELECT role, content, created_by FROM chat_messages WHERE chat_id = ${chatId} ORDER BY id`;

test("a message of the same model leaves the chat's row version alone", async () => {
  const { chatId } = await running();
  const before = await xminOf(chatId);
  await insertMessage(sql, { chatId, historyVersion: 2, role: "user", parts: [text("x")], modelConfigId });
  expect(await xminOf(chatId)).toBe(before);
});

test("a message of another model moves the chat's model", async () => {
  const { chatId } = await running();
  await insertMessage(sql, {
    chatId,
    historyVersion: 2,
    role: "user",
    parts: [text("x")],
    modelConfigId: otherModelId,
  });
  expect(await modelOf(chatId)).toBe(otherModelId);
});

test("a message without a model leaves model and row version alone", async () => {
  const { chatId } = await running();
  const before = await xminOf(chatId);
  await insertMessage(sql, { chatId, historyVersion: 2, role: "user", parts: [text("x")] });
  expect(await xminOf(chatId)).toBe(before);
  expect(await modelOf(chatId)).toBe(modelConfigId);
});

test("committing an answer and its results leaves the chat's row version alone, unless the model changed", async () => {
  const { chatId, fence } = await running();
  const before = await xminOf(chatId);
  await commitAnswer(writer, { chatId, fence, answer: answer(call("a")) });
  await commitResults(writer, { chatId, fence, parts: [result("a")] });
  expect(await xminOf(chatId)).toBe(before);
  await commitAnswer(writer, { chatId, fence, answer: { ...answer(text("done")), modelConfigId: otherModelId } });
  expect(await xminOf(chatId)).not.toBe(before);
  expect(await modelOf(chatId)).toBe(otherModelId);
});

test("of several messages that go in at once, the last one's model is the chat's", async () => {
  const { chatId, fence } = await running();
  for (const model of [otherModelId, modelConfigId]) {
    await sendMessage(writer, { chatId, ownerId, content: "And", busyBehavior: "steer", modelConfigId: model });
  }
  await commitAnswer(writer, { chatId, fence, answer: answer(call("a")) });
  await commitResults(writer, { chatId, fence, parts: [result("a")] });
  expect(await rowsOf(chatId)).toHaveLength(5);
  expect(await modelOf(chatId)).toBe(modelConfigId);
});

test("sending writes the chat's row once for the status and again only for another model", async () => {
  await sql`CREATE TABLE chat_writes (id uuid, model uuid)`;
  await sql`CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO chat_writes VALUES (NEW.id, NEW.last_model_config_id); RETURN NEW; END $$`;
  await sql`CREATE TRIGGER note_write AFTER UPDATE ON chats FOR EACH ROW EXECUTE FUNCTION note_write()`;
  const send = async (model: string | null) => {
    const { chatId, fence } = await running();
    await finishTurn(writer, { chatId, fence });
    await sql`DELETE FROM chat_writes`;
    await sendMessage(writer, { chatId, ownerId, content: "go on", busyBehavior: "queue", modelConfigId: model });
    return (await sql`SELECT model FROM chat_writes WHERE id = ${chatId}`).map((row) => row.model);
  };
  expect(await send(modelConfigId)).toEqual([modelConfigId]);
  expect(await send(null)).toEqual([modelConfigId]);
  expect(await send(otherModelId)).toEqual([otherModelId, otherModelId]);
});

test("only messages that a person sent have an author", async () => {
  const { chatId, fence } = await running();
  await sendMessage(writer, { chatId, ownerId, content: "and this", busyBehavior: "queue" });
  await commitAnswer(writer, { chatId, fence, answer: answer(call("a")) });
  await commitResults(writer, { chatId, fence, parts: [result("a")] });
  await finishTurn(writer, { chatId, fence });
  expect((await rowsOf(chatId)).map((row) => [row.role, row.created_by])).toEqual([
    ["user", ownerId],
    ["assistant", null],
    ["tool", null],
    ["user", ownerId],
  ]);
  expect((await chatOf(chatId))?.status).toBe("pending");
});

test("steered messages go in with the results of the step, the queued ones wait for the end of the turn", async () => {
  const { chatId, fence } = await running();
  await sendMessage(writer, { chatId, ownerId, content: "later", busyBehavior: "queue" });
  await sendMessage(writer, { chatId, ownerId, content: "now", busyBehavior: "steer" });
  await commitAnswer(writer, { chatId, fence, answer: answer(call("a")) });
  await commitResults(writer, { chatId, fence, parts: [result("a")] });
  const rows = await rowsOf(chatId);
  expect(rows.at(-1)?.content[0].text).toBe("now");
  expect((await chatOf(chatId))?.status).toBe("running");
});

test("a runner that lost its lease writes nothing", async () => {
  const { chatId, fence } = await running();
  await requeue(writer, { chatId, fence, call: null });
  await expect(commitAnswer(writer, { chatId, fence, answer: answer(text("late")) })).rejects.toThrow(LostLeaseError);
  await expect(finishTurn(writer, { chatId, fence })).rejects.toThrow(LostLeaseError);
  expect(await rowsOf(chatId)).toHaveLength(1);
});

test("two workers never claim the same chat", async () => {
  await Promise.all(
    Array.from({ length: 30 }, () => createChat(writer, { ownerId, content: "Fix it", modelConfigId })),
  );
  const claims = await Promise.all(
    Array.from({ length: 12 }, async () => acquireChats(writer, { workerId: await registerWorker(sql), limit: 10 })),
  );
  const ids = claims.flat().map((run) => run.chatId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(30);
});

test("a stop keeps the partial answer and gives every open call a result, then the queue goes on", async () => {
  const { chatId, fence } = await running();
  await commitAnswer(writer, { chatId, fence, answer: answer(call("a"), call("b")) });
  await sendMessage(writer, { chatId, ownerId, content: "stop, do this", busyBehavior: "interrupt" });
  await expect(commitResults(writer, { chatId, fence, parts: [result("a")] })).rejects.toMatchObject({
    code: "conflict",
  });
  await finishInterruption(writer, { chatId, fence, partial: null, results: [result("b")] });
  const rows = await rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "user"]);
  expect(rows[2]?.content.map((part: { result: string }) => part.result)).toEqual([INTERRUPTED_RESULT, "b"]);
  expect((await chatOf(chatId))?.status).toBe("pending");
});

test("text that was cut off by a stop stays in the chat", async () => {
  const { chatId, fence } = await running();
  await interruptChat(writer, { chatId, ownerId });
  await finishInterruption(writer, { chatId, fence, partial: answer(text("Half a sen"), call("c")), results: [] });
  const rows = await rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool"]);
  expect((await chatOf(chatId))?.status).toBe("waiting");
});

test("an error is kept until the chat recovers, and the queue with it", async () => {
  const { chatId, fence } = await running();
  await sendMessage(writer, { chatId, ownerId, content: "next", busyBehavior: "queue" });
  const error = {
    kind: "auth",
    message: "refused",
    provider: "anthropic",
    status_code: 401,
    retryable: false,
    detail: null,
  };
  await failTurn(writer, { chatId, fence, error: error as never, call: null });
  expect(await chatOf(chatId)).toMatchObject({ status: "error", last_error: error });
  await sendMessage(writer, { chatId, ownerId, content: "again", busyBehavior: "queue" });
  expect(await chatOf(chatId)).toMatchObject({ status: "pending", last_error: null });
  expect((await rowsOf(chatId)).map((row) => row.content[0].text)).toEqual(["Fix it", "next"]);
});

test("a chat of a dead worker goes back to pending, and the crash counts until a step is committed", async () => {
  const { chatId, run } = await running();
  await reapRun(writer, { chatId, fence: { runnerId: run.runnerId } });
  expect(await chatOf(chatId)).toMatchObject({ status: "pending", crash_count: 1, worker_id: null });
  const [again] = (await acquireChats(writer, { workerId, limit: 10 })).filter((other) => other.chatId === chatId);
  expect(again?.crashCount).toBe(2);
  const fence = { runnerId: again?.runnerId ?? "" };
  await commitAnswer(writer, { chatId, fence, answer: answer(text("done")) });
  expect((await chatOf(chatId))?.crash_count).toBe(0);
});

test("a person's message gives a quarantined chat another try", async () => {
  const { chatId, run } = await running();
  await sql`UPDATE chat_runs SET crash_count = 4 WHERE chat_id = ${chatId}`;
  const error = {
    kind: "quarantined",
    message: "stopped its worker",
    provider: null,
    status_code: null,
    retryable: false,
    detail: null,
  };
  await failTurn(writer, { chatId, fence: { runnerId: run.runnerId }, error: error as never, call: null });
  await sendMessage(writer, { chatId, ownerId, content: "once more", busyBehavior: "queue" });
  const acquired = await acquireChats(writer, { workerId, limit: 10 });
  expect(acquired.find((other) => other.chatId === chatId)?.crashCount).toBe(1);
});

test("NUL bytes and halves of surrogate pairs are stored as replacement characters", async () => {
  const { chatId, fence } = await running();
  await commitAnswer(writer, { chatId, fence, answer: answer(text("a\0b\ud800c \\u0000")) });
  expect((await rowsOf(chatId)).at(-1)?.content[0].text).toBe("a\ufffdb\ufffdc \\u0000");
});

test("a promotion that fails at its last moment leaves the message in the queue and the turn where it was", async () => {
  const { chatId, fence } = await running();
  await sendMessage(writer, { chatId, ownerId, content: "next", busyBehavior: "queue" });
  setHook(createHook(() => ({ mark: "transition.apply.finish_turn", phase: "after", action: "throw" })));
  onTestFinished(() => setHook(undefined));
  await expect(finishTurn(writer, { chatId, fence, answer: answer(text("done")) })).rejects.toThrow("Failpoint");
  expect(await rowsOf(chatId)).toHaveLength(1);
  expect((await chatOf(chatId))?.status).toBe("running");
  setHook(undefined);
  await finishTurn(writer, { chatId, fence, answer: answer(text("done")) });
  expect((await rowsOf(chatId)).map((row) => row.content[0].text)).toEqual(["Fix it", "done", "next"]);
});

test("whatever gives a chat something to do wakes the workers at once", async () => {
  const { chatId, fence } = await running();
  const wakes = () => hints.filter((hint) => hint.type === "chat" && hint.chatId === chatId && hint.runnable).length;
  const before = wakes();
  await sendMessage(writer, { chatId, ownerId, content: "next", busyBehavior: "queue" });
  expect(wakes()).toBe(before);
  await finishTurn(writer, { chatId, fence });
  expect(wakes()).toBe(before + 1);
});

test("a claim waits for whoever writes the chat's title and is not skipped", async () => {
  const { chatId } = await createChat(writer, { ownerId, content: "Fix it", modelConfigId });
  let claim: ReturnType<typeof acquireChats> | undefined;
  await sql.begin(async (tx) => {
    await tx`UPDATE chats SET title = 'Another' WHERE id = ${chatId}`;
    claim = acquireChats(writer, { workerId, limit: 10 });
    await expect.poll(() => countLockWaits(sql)).toBe(1);
  });
  expect((await claim)?.map((run) => run.chatId)).toContain(chatId);
});

test("two connections are enough for hundreds of chats at once: nothing needs a second one inside a transaction", async () => {
  const narrow = createSql(address, { max: 2 });
  const busy = { ...writer, sql: narrow };
  const create = async () => {
    const { chatId } = await createChat(busy, { ownerId, content: "Fix it", modelConfigId });
    await sendMessage(busy, { chatId, ownerId, content: "and this", busyBehavior: "queue" });
    await interruptChat(busy, { chatId, ownerId });
    return chatId;
  };
  const ids = await Promise.all(Array.from({ length: 300 }, create));
  expect(new Set(ids).size).toBe(300);
  await narrow.end();
});
