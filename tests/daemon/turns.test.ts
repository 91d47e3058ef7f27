import { expect, test } from "vitest";
import { interruptChat } from "@/lib/chats/interrupt";
import { createTestDaemon, waitFor } from "../support/daemon";
import { countLockWaits } from "../support/database";
import { type EarlyEnd, reply } from "../support/model-reply";
import { byPrompt, byStep, inOrder } from "../support/model-script";

const gates = new Map<string, () => void>();
const gate = (name: string) => new Promise<void>((resolve) => gates.set(name, resolve));
const open = (name: string) => gates.get(name)?.();

const exec = (command: string, id?: string) => ({ name: "execute", args: { command }, ...(id && { id }) });

const HALF = ["Half ", "of ", "it ", "and the rest."];
/** Asking again would not help. */
const REFUSAL = { type: "error", errorType: "authentication_error", message: "The key was revoked." } as const;
const afterGate = (name: string, earlyEnd: EarlyEnd) => async () => {
  await gate(name);
  return reply.text(HALF, { earlyEnd });
};

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [/parallel/, byStep([reply.toolCalls([exec("slow"), exec("fast")], { text: "Both." }), reply.text("Finished.")])],
      [/hold/, byStep([reply.toolCalls([exec("held")]), reply.text("After.")])],
      [/stream slowly/, reply.text("one two three four five six seven eight nine ten", { delayMs: 40 })],
      [/overloaded/, inOrder([reply.overloaded(), reply.text("Recovered.")])],
      [/cut off/, inOrder([reply.text(HALF, { earlyEnd: { type: "cut", afterChunks: 3 } }), reply.hang()])],
      [/cut beneath a stop/, afterGate("cut", { type: "cut", afterChunks: 3 })],
      [/refused beneath a stop/, afterGate("refused", { ...REFUSAL, afterChunks: 3 })],
      [/bad key/, reply.error(401, "authentication_error", "invalid x-api-key")],
      [
        /short ids/,
        byStep([reply.toolCalls([exec("a", "call_0")]), reply.toolCalls([exec("b", "call_0")]), reply.text("ok")]),
      ],
    ],
    reply.text("Hello there.", { usage: { input: 100, output: 20 } }),
  ),
  runTool: async ({ args }, onOutput) => {
    const command = String(args.command);
    if (command === "slow") await gate("slow");
    if (command === "held") await gate("held");
    onOutput(`ran ${command}\n`);
    return { result: { output: `ran ${command}`, exit_code: 0 }, is_error: false };
  },
});
const daemon = await slipway.start();
const { sql } = slipway;

test("a message is answered, and the answer costs what the price says", async () => {
  const { chatId } = await slipway.create("hello");
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant"]);
  expect(rows[1]).toMatchObject({ input_tokens: 100, output_tokens: 20, total_cost_micros: 600, created_by: null });
  const calls = await sql`SELECT * FROM model_calls WHERE chat_id = ${chatId}`;
  expect(calls).toMatchObject([
    { kind: "step", message_id: rows[1]?.id, cost_micros: 600, input_price_per_million: "3" },
  ]);
});

test("calls of a step run at once and their results stand in call order", async () => {
  const { chatId } = await slipway.create("parallel");
  await waitFor(
    () => slipway.workspaces.ran.some((call) => call.chatId === chatId && call.args.command === "fast"),
    "the fast call ran",
  );
  open("slow");
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "assistant"]);
  expect(rows[2]?.content.map((part: { result: { output: string } }) => part.result.output)).toEqual([
    "ran slow",
    "ran fast",
  ]);
});

test("a stop keeps what was written and the chat is idle", async () => {
  const { chatId } = await slipway.create("stream slowly");
  await waitFor(async () => (await slipway.chatOf(chatId))?.status === "running", "it runs");
  await waitFor(() => slipway.model.openReplies() > 0, "the model answers");
  await new Promise((resolve) => setTimeout(resolve, 150));
  await interruptChat(slipway.writer, { chatId, ownerId: slipway.ownerId });
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows[1]?.role).toBe("assistant");
  expect("one two three four five six seven eight nine ten".startsWith(rows[1]?.content[0].text)).toBe(true);
});

test("a stop while an attempt that failed is made again keeps what the failed one wrote", async () => {
  const { chatId } = await slipway.create("cut off");
  await waitFor(async () => (await slipway.chatOf(chatId))?.retry_state !== null, "the attempt has failed");
  await interruptChat(slipway.writer, { chatId, ownerId: slipway.ownerId });
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.content[0].text)).toEqual(["cut off", "Half of it "]);
});

test.each(["cut", "refused"])(
  "a stop that is ahead of the record of an answer that was %s keeps what was written",
  async (how) => {
    const { chatId } = await slipway.create(`${how} beneath a stop`);
    await waitFor(() => gates.has(how), "the model is asked");
    let stopped: Promise<unknown> | undefined;
    await sql.begin(async (tx) => {
      await tx`SELECT FROM chat_runs WHERE chat_id = ${chatId} FOR UPDATE`;
      stopped = interruptChat(slipway.writer, { chatId, ownerId: slipway.ownerId });
      await waitFor(async () => (await countLockWaits(sql)) === 1, "the stop waits for the chat");
      open(how);
      await waitFor(async () => (await countLockWaits(sql)) === 2, "the record waits behind it");
    });
    await stopped;
    await slipway.until(chatId, "waiting");
    const rows = await slipway.rowsOf(chatId);
    expect(rows.map((row) => row.content[0].text)).toEqual([`${how} beneath a stop`, "Half of it "]);
  },
);

test("a stop during a command answers the call with an error and cancels it in the workspace", async () => {
  const { chatId } = await slipway.create("hold");
  await waitFor(() => slipway.workspaces.ran.some((call) => call.chatId === chatId), "the command runs");
  await slipway.send(chatId, "hello instead", "interrupt");
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "user", "assistant"]);
  expect(rows[2]?.content[0].is_error).toBe(true);
  await waitFor(() => slipway.workspaces.cancelled.some((id) => id.startsWith(chatId)), "the call was cancelled");
});

test("an overloaded provider is tried again and the person sees it meanwhile", async () => {
  const retries: unknown[] = [];
  const unsubscribe = slipway.pubsub.subscribe((hint) => {
    if (hint.type === "chat")
      void slipway.chatOf(hint.chatId).then((chat) => chat?.retry_state && retries.push(chat.retry_state));
  });
  const { chatId } = await slipway.create("overloaded");
  await slipway.until(chatId, "waiting");
  unsubscribe();
  expect((await slipway.rowsOf(chatId)).at(-1)?.content[0].text).toBe("Recovered.");
  expect(retries).toContainEqual(expect.objectContaining({ attempt: 1, kind: "overloaded", status_code: 529 }));
  expect((await slipway.chatOf(chatId))?.retry_state).toBeNull();
});

test("a refused key ends the turn with an error that survives", async () => {
  const { chatId } = await slipway.create("bad key");
  await slipway.until(chatId, "error");
  expect((await slipway.chatOf(chatId))?.last_error).toMatchObject({
    kind: "auth",
    status_code: 401,
    retryable: false,
  });
});

test("call ids that a provider repeats are told apart, so that no result is adopted by another call", async () => {
  const { chatId } = await slipway.create("short ids");
  await slipway.until(chatId, "waiting");
  const ran = slipway.workspaces.ran.filter((call) => call.chatId === chatId);
  expect(ran.map((call) => call.args.command)).toEqual(["a", "b"]);
  expect(new Set(ran.map((call) => call.callId)).size).toBe(2);
});

test("shutdown gives running chats back, and the next process goes on without running the command twice", async () => {
  const { chatId } = await slipway.create("hold again");
  await waitFor(() => slipway.workspaces.ran.some((call) => call.chatId === chatId), "the command runs");
  await daemon.stop();
  expect(await slipway.chatOf(chatId)).toMatchObject({ status: "pending", crash_count: 0, last_error: null });
  await slipway.start();
  open("held");
  await slipway.until(chatId, "waiting");
  expect(slipway.workspaces.ran.filter((call) => call.chatId === chatId)).toHaveLength(1);
});

test("the key of the provider is in no row", async () => {
  const rows = await sql`SELECT to_jsonb(m)::text AS row FROM chat_messages m
    UNION ALL SELECT to_jsonb(c)::text FROM chats c UNION ALL SELECT to_jsonb(p)::text FROM chat_providers p`;
  expect(rows.filter((row) => row.row.includes("canary"))).toEqual([]);
});
