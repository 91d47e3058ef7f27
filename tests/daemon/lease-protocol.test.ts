import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createTestDaemon, waitFor } from "../support/daemon";
import { setHook } from "../support/failpoints.mjs";
import { reply } from "../support/model-reply";
import { byStep } from "../support/model-script";

let hold = Promise.withResolvers<void>();

const slipway = await createTestDaemon({
  script: byStep([reply.toolCalls([{ name: "execute", args: { command: "held" } }]), reply.text("After.")]),
  runTool: async () => {
    await hold.promise;
    return { result: { output: "once", exit_code: 0 }, is_error: false };
  },
  // As close together as the settings allow: a beat takes half the lease.
  variables: { SLIPWAY_WORKER_HEARTBEAT_MS: "1000", SLIPWAY_WORKER_LEASE_MS: "2000" },
});
const { sql } = slipway;

const beats = async () => Number((await sql`SELECT extract(epoch FROM max(heartbeat_at)) AS at FROM workers`)[0]?.at);
const runnerOf = async (chatId: string) => (await slipway.chatOf(chatId))?.runner_id as string | null;

await slipway.start();

test("a worker that beats in time never stops its own work, however tight the lease", async () => {
  // A database that needs a while to answer.
  setHook((mark: string, work: () => unknown) => (mark === "lease.beat" ? sleep(100).then(work) : work()));
  onTestFinished(() => setHook(undefined));
  const { chatId } = await slipway.create("hold on");
  await waitFor(() => slipway.workspaces.ran.some((call) => call.chatId === chatId), "the command runs");
  const runner = await runnerOf(chatId);
  for (let beat = 0; beat < 3; beat++) {
    const before = await beats();
    await waitFor(async () => (await beats()) > before, "the next beat");
  }
  expect(await runnerOf(chatId)).toBe(runner);
});

test("a beat that is not answered stops the work before the lease ends; once it is, the work is taken up again", async () => {
  const { chatId } = await slipway.create("hold on again");
  await waitFor(() => slipway.workspaces.ran.some((call) => call.chatId === chatId), "the command runs");
  const runner = await runnerOf(chatId);
  // Whoever wants to write the worker's row waits for this transaction.
  await sql.begin(async (tx) => {
    await tx`SELECT 1 FROM workers FOR UPDATE`;
    const silent = async () =>
      (await tx`SELECT 1 FROM workers WHERE heartbeat_at < clock_timestamp() - interval '1950 ms'`).length > 0;
    await waitFor(silent, "the lease is nearly over");
  });
  await waitFor(async () => {
    const now = await runnerOf(chatId);
    return now !== null && now !== runner;
  }, "another runner has the chat");
  hold.resolve();
  await slipway.until(chatId, "waiting");
  expect(slipway.workspaces.ran.filter((call) => call.chatId === chatId)).toHaveLength(1);
  expect((await slipway.rowsOf(chatId)).map((row) => row.role)).toEqual(["user", "assistant", "tool", "assistant"]);
});

test("a worker that was taken for dead takes nothing on before it is registered anew: one loss counts once", async () => {
  hold = Promise.withResolvers<void>();
  const { chatId } = await slipway.create("hold on once more");
  await waitFor(() => slipway.workspaces.ran.some((call) => call.chatId === chatId), "the command runs");
  const before = (await slipway.chatOf(chatId))?.crash_count as number;
  let looks = 0;
  const beat = Promise.withResolvers<void>();
  setHook((mark: string, work: () => unknown) => {
    if (mark === "daemon.look") looks += 1;
    return mark === "lease.beat" ? beat.promise.then(work) : work();
  });
  onTestFinished(() => setHook(undefined));
  await waitFor(async () => (await sql`SELECT 1 FROM workers`).length === 0, "it takes itself for dead");
  const { chatId: sent } = await slipway.create("meanwhile");
  const seen = looks;
  await waitFor(() => looks >= seen + 3, "it has looked again and again");
  for (const id of [chatId, sent])
    expect(await slipway.chatOf(id)).toMatchObject({ status: "pending", runner_id: null });
  expect((await slipway.chatOf(chatId))?.crash_count).toBe(before);

  beat.resolve();
  hold.resolve();
  for (const id of [chatId, sent]) await slipway.until(id, "waiting");
});

test("a worker that was stopped for longer than its lease asks no model before it knows whose its chats are", async () => {
  let isStopped = false;
  setHook((mark: string, work: () => unknown) => {
    const result = work();
    if (mark !== "turn.prepare" || isStopped) return result;
    isStopped = true;
    return Promise.resolve(result).then((value) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500);
      return value;
    });
  });
  onTestFinished(() => setHook(undefined));
  const { chatId } = await slipway.create("hold on, stopped");
  await slipway.until(chatId, "waiting");
  const asked = slipway.model.requests.filter(({ prompt }) => prompt.includes("hold on, stopped"));
  expect(asked.map(({ step }) => step)).toEqual([0, 1]);
});
