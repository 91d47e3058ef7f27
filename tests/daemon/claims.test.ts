/** A message that is claimed in its own transaction by the worker of the same process. */
import { expect, onTestFinished, test } from "vitest";
import { interruptChat } from "@/lib/chats/interrupt";
import { countStatements } from "../support/count-statements";
import { createTestDaemon, waitFor } from "../support/daemon";
import { createHook, setHook } from "../support/failpoints.mjs";
import { reply } from "../support/model-reply";
import { byPrompt } from "../support/model-script";

const slipway = await createTestDaemon({
  script: byPrompt(
    [[/^hang/, reply.text(["I ", "hang"], { earlyEnd: { afterChunks: 1, type: "hang" } })]],
    reply.text("Hello."),
  ),
  // The claim of one chat leaves a slot, so that the worker knows that nobody waits for one.
  variables: { SLIPWAY_MAX_RUNNING: "2" },
});
const daemon = await slipway.start();
const { sql, writer, ownerId } = slipway;

async function idleChat(): Promise<string> {
  const { chatId } = await slipway.create("hello");
  await slipway.until(chatId, "waiting");
  return chatId;
}
const statusOf = async (chatId: string) => (await slipway.chatOf(chatId))?.status;
const stop = async (chatId: string) => {
  await interruptChat(writer, { chatId, ownerId });
  await slipway.until(chatId, "waiting");
};
const failAt = (mark: string, phase: "before" | "after") => {
  setHook(createHook(() => ({ mark, phase, action: "throw" })));
  onTestFinished(() => setHook(undefined));
};
/** What a mark's I/O did is there, and its answer comes later. An acquisition of nothing is answered. */
const holdAnswer = (onDone: () => void, answered: Promise<void>, held = "transition.commit.send_queue") => {
  setHook((mark: string, work: () => unknown) => {
    if (mark !== held) return work();
    return Promise.resolve(work()).then(async (outcome) => {
      if (Array.isArray(outcome) && outcome.length === 0) return outcome;
      onDone();
      await answered;
      return outcome;
    });
  });
  onTestFinished(() => setHook(undefined));
};

test("a chat that was given a message runs before the message is answered for, without a claim of its own", async () => {
  const chatId = await idleChat();
  const statements = await countStatements(sql, async () => {
    await slipway.send(chatId, "hang");
    expect(await slipway.chatOf(chatId)).toMatchObject({ status: "running", crash_count: 1 });
    await waitFor(() => slipway.model.openReplies() > 0, "the model speaks");
  });
  expect(statements.filter((text) => text.includes("SKIP LOCKED"))).toEqual([]);
  await stop(chatId);
});

test("without a free slot it is pending, and runs when there is one", async () => {
  const [first, second, third] = [await idleChat(), await idleChat(), await idleChat()];
  await slipway.send(first, "hang");
  await slipway.send(second, "hang");
  await slipway.send(third, "hello");
  expect(await statusOf(third)).toBe("pending");
  await stop(first);
  await slipway.until(third, "waiting");
  expect((await slipway.rowsOf(third)).map((row) => row.role)).toEqual(["user", "assistant", "user", "assistant"]);
  await stop(second);
});

test("a message that is not committed holds no slot", async () => {
  const chatId = await idleChat();
  failAt("transition.apply.send_queue", "after");
  await expect(slipway.send(chatId, "hang")).rejects.toThrow("Failpoint");
  setHook(undefined);
  expect(await statusOf(chatId)).toBe("waiting");
  await slipway.send(chatId, "hang");
  expect(await statusOf(chatId)).toBe("running");
  await stop(chatId);
});

test("a message whose commit was not answered is worked on by the same worker", async () => {
  const chatId = await idleChat();
  failAt("transition.commit.send_queue", "after");
  await expect(slipway.send(chatId, "hello")).rejects.toThrow("Failpoint");
  setHook(undefined);
  expect(await statusOf(chatId)).toBe("running");
  await slipway.until(chatId, "waiting");
  expect((await slipway.rowsOf(chatId)).map((row) => row.role)).toEqual(["user", "assistant", "user", "assistant"]);
});

test("a message whose commit is never answered, on a connection that is dead and silent, is worked on within twelve seconds", async () => {
  const chatId = await idleChat();
  const [committed, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  holdAnswer(committed.resolve, answered.promise);
  const askedBefore = slipway.model.requests.length;
  const sentAt = Date.now();
  const sent = slipway.send(chatId, "hello");
  await committed.promise;
  setHook(undefined);
  await slipway.until(chatId, "waiting");
  expect(Date.now() - sentAt).toBeLessThan(12_000);
  // It comes after all: whoever begins now has lost the chat, and neither asks nor says anything.
  answered.resolve();
  await sent;
  await slipway.send(chatId, "hello");
  await slipway.until(chatId, "waiting");
  const turn = ["user", "assistant"];
  expect((await slipway.rowsOf(chatId)).map((row) => row.role)).toEqual([...turn, ...turn, ...turn]);
  expect(slipway.model.requests).toHaveLength(askedBefore + 2);
});

test("a worker that is taken for dead while a message is committed works on it once", async () => {
  const chatId = await idleChat();
  const [committed, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  holdAnswer(committed.resolve, answered.promise);
  const sent = slipway.send(chatId, "hello");
  await committed.promise;
  const [before] = await sql`DELETE FROM workers RETURNING id`;
  await waitFor(async () => (await sql`SELECT FROM workers WHERE id <> ${before?.id}`).length > 0, "it registers anew");
  answered.resolve();
  await sent;
  await slipway.until(chatId, "waiting");
  expect((await slipway.rowsOf(chatId)).map((row) => row.role)).toEqual(["user", "assistant", "user", "assistant"]);
});

let handedBack = "";
test("a message that is committed while the worker stops is handed back", async () => {
  const chatId = await idleChat();
  handedBack = chatId;
  const [committed, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  holdAnswer(committed.resolve, answered.promise);
  const sent = slipway.send(chatId, "hello");
  await committed.promise;
  const stopped = daemon.stop();
  answered.resolve();
  await Promise.all([sent, stopped]);
  expect(await slipway.chatOf(chatId)).toMatchObject({ status: "pending", crash_count: 0, worker_id: null });
});

test("a chat whose acquisition is answered while the worker stops is handed back", async () => {
  const worker = await slipway.start();
  await slipway.until(handedBack, "waiting");
  const [taken, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  holdAnswer(taken.resolve, answered.promise, "daemon.acquire");
  const { chatId } = await slipway.create("hang");
  await taken.promise;
  const stopped = worker.stop();
  answered.resolve();
  await stopped;
  expect(await slipway.chatOf(chatId)).toMatchObject({ status: "pending", crash_count: 0, worker_id: null });
});
