import { expect, test } from "vitest";
import { editMessage } from "@/lib/chats/edit-message";
import { interruptChat } from "@/lib/chats/interrupt";
import { promoteQueuedMessage, removeQueuedMessage } from "@/lib/chats/queue";
import { isApiError } from "@/lib/contract/errors";
import { INTERRUPTED_RESULT, interruptedResult } from "@/lib/contract/interrupted-call";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep, inOrder } from "../support/model-script";

const gates = new Map<string, () => void>();
const open = (name: string) => gates.get(name)?.();
const exec = (command: string, id?: string) => ({ name: "execute", args: { command }, ...(id && { id }) });
const SLOW = "one two three four five six seven eight nine ten eleven twelve";
const BIG = "x".repeat(10 * 1024 * 1024);

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [
        /think and call/,
        byStep([
          reply.answer(
            [
              { type: "reasoning", chunks: "Let me think about it." },
              { type: "tool_call", name: "execute", args: { command: SLOW } },
            ],
            { delayMs: 60 },
          ),
          reply.text("Hello."),
        ]),
      ],
      [
        /print and hang/,
        byStep([reply.toolCalls([exec("quick"), exec("prints"), exec("gated")]), reply.text("Seen.")]),
      ],
      [/work in steps/, byStep([reply.toolCalls([exec("gated")]), reply.text("Stepped.")])],
      [/speak slowly/, reply.text(SLOW, { delayMs: 50 })],
      [/break/, inOrder([reply.error(400, "invalid_request_error", "broken"), reply.text("One."), reply.text("Two.")])],
      [
        /twin ids/,
        byStep([
          reply.toolCalls([exec("first", "toolu_01_the_same_id"), exec("second", "toolu_01_the_same_id")]),
          reply.text("Twins."),
        ]),
      ],
      [
        /huge arguments/,
        byStep([
          reply.toolCalls([{ name: "write_file", json: [`{"path":"a","content":"${BIG}"}`] }]),
          reply.text("Huge."),
        ]),
      ],
    ],
    reply.text("Hello."),
  ),
  runTool: async ({ args, chatId }, onOutput) => {
    if (args.command === "prints") {
      onOutput("building…\n");
      onOutput("1 of 2\n");
      await new Promise(() => {});
    }
    if (args.command === "gated") await new Promise<void>((resolve) => gates.set(chatId, resolve));
    return { result: { output: "ran" }, is_error: false };
  },
});
const daemon = await slipway.start();
const { sql, ownerId, writer } = slipway;

const texts = async (chatId: string): Promise<string[]> =>
  (await slipway.rowsOf(chatId)).filter((row) => row.role === "user").map((row) => row.content[0].text);
const roles = async (chatId: string) => (await slipway.rowsOf(chatId)).map((row) => row.role);
const queueOf = (chatId: string) =>
  sql`SELECT * FROM chat_queued_messages WHERE chat_id = ${chatId} ORDER BY position, id`;
const speaking = async (chatId: string) => {
  await waitFor(async () => (await slipway.chatOf(chatId))?.status === "running", "it runs");
  await waitFor(() => slipway.model.openReplies() > 0, "the model speaks");
  await waitFor(
    async () => (await sql`SELECT FROM chat_part_checkpoints WHERE chat_id = ${chatId}`).length > 0,
    "something was said",
  );
};
const queuedId = async (chatId: string, text: string, how?: "steer"): Promise<number> => {
  const sent = await slipway.send(chatId, text, how);
  if (!sent.queued) throw new Error("It was not queued.");
  return sent.queued_message.id;
};

test("a stop keeps the partial reasoning and the cut call, which gets an error, and the model accepts the history", async () => {
  const { chatId } = await slipway.create("think and call");
  await speaking(chatId);
  await waitFor(
    async () =>
      JSON.stringify(await sql`SELECT frames FROM chat_part_checkpoints WHERE chat_id = ${chatId}`).includes(
        "args_delta",
      ),
    "the call began",
  );
  await interruptChat(writer, { chatId, ownerId });
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool"]);
  expect(rows[1]?.content.map((part: { type: string }) => part.type)).toEqual(["reasoning", "tool-call"]);
  expect(rows[2]?.content).toMatchObject([{ is_error: true }]);
  expect(slipway.workspaces.ran.filter((call) => call.chatId === chatId)).toHaveLength(0);
  await slipway.send(chatId, "hello");
  await slipway.until(chatId, "waiting");
  expect((await slipway.rowsOf(chatId)).at(-1)?.content[0].text).toBe("Hello.");
});

test("what commands had printed when they were stopped is kept, and the model is told", async () => {
  const { chatId } = await slipway.create("print and hang");
  await waitFor(() => gates.has(chatId), "the last command runs");
  await interruptChat(writer, { chatId, ownerId });
  await slipway.until(chatId, "waiting");
  const results = (await slipway.rowsOf(chatId)).at(-1)?.content;
  expect(results.map((part: { is_error: boolean }) => part.is_error)).toEqual([false, true, true]);
  expect(results[1].result).toBe(interruptedResult("building…\n1 of 2\n"));
  expect(results[2].result).toBe(INTERRUPTED_RESULT);
  await slipway.send(chatId, "go on");
  await slipway.until(chatId, "waiting");
  expect(JSON.stringify(slipway.model.requests.at(-1)?.body)).toContain("1 of 2");
});

test("steers go in together at the step's boundary, in queue order; what is queued waits for the turn's end", async () => {
  const { chatId } = await slipway.create("work in steps");
  await waitFor(() => gates.has(chatId), "the command runs");
  await queuedId(chatId, "afterwards, hello");
  await queuedId(chatId, "work in steps, first", "steer");
  await queuedId(chatId, "work in steps, second", "steer");
  open(chatId);
  await waitFor(async () => (await texts(chatId)).length >= 3, "the steers are in");
  expect((await roles(chatId)).slice(0, 5)).toEqual(["user", "assistant", "tool", "user", "user"]);
  gates.delete(chatId);
  await waitFor(async () => gates.has(chatId) || (await slipway.chatOf(chatId))?.status === "waiting", "the next step");
  open(chatId);
  await slipway.until(chatId, "waiting");
  expect((await texts(chatId)).slice(1)).toEqual([
    "work in steps, first",
    "work in steps, second",
    "afterwards, hello",
  ]);
});

test("promoting one of several while the model speaks keeps the partial answer before it, and the others queued", async () => {
  const { chatId } = await slipway.create("speak slowly");
  await speaking(chatId);
  await queuedId(chatId, "hello one");
  const second = await queuedId(chatId, "hello two");
  await promoteQueuedMessage(writer, { chatId, ownerId, queueId: second });
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "user", "assistant", "user", "assistant"]);
  expect(SLOW.startsWith(rows[1]?.content[0].text)).toBe(true);
  expect(await texts(chatId)).toEqual(["speak slowly", "hello two", "hello one"]);
});

test("a message that interrupts follows the partial answer, and what was queued follows it", async () => {
  const { chatId } = await slipway.create("speak slowly");
  await speaking(chatId);
  await queuedId(chatId, "hello later");
  await slipway.send(chatId, "hello now", "interrupt");
  await slipway.until(chatId, "waiting");
  expect(await roles(chatId)).toEqual(["user", "assistant", "user", "assistant", "user", "assistant"]);
  expect(await texts(chatId)).toEqual(["speak slowly", "hello now", "hello later"]);
});

test("an error keeps the queue, and the next message goes on with its head", async () => {
  const { chatId } = await slipway.create("break");
  await slipway.until(chatId, "error");
  await sql`INSERT INTO chat_queued_messages (chat_id, content, content_version, position, created_by)
    VALUES (${chatId}, '[{"type":"text","text":"hello from the queue"}]', 1, 1, ${ownerId})`;
  expect(await queueOf(chatId)).toHaveLength(1);
  await slipway.send(chatId, "hello again");
  await slipway.until(chatId, "waiting");
  expect((await texts(chatId)).slice(1)).toEqual(["hello from the queue", "hello again"]);
});

test("a restart keeps the queue and goes on with it", async () => {
  const { chatId } = await slipway.create("work in steps");
  await waitFor(() => gates.has(chatId), "the command runs");
  await queuedId(chatId, "hello after the restart");
  await daemon.stop();
  expect(await queueOf(chatId)).toHaveLength(1);
  await slipway.start();
  open(chatId);
  await slipway.until(chatId, "waiting");
  expect((await texts(chatId)).at(-1)).toBe("hello after the restart");
});

test("two calls with one id in an answer are two calls, and each has its result", async () => {
  const { chatId } = await slipway.create("twin ids");
  await slipway.until(chatId, "waiting");
  const ran = slipway.workspaces.ran.filter((call) => call.chatId === chatId);
  expect(ran.map((call) => call.args.command)).toEqual(["first", "second"]);
  const rows = await slipway.rowsOf(chatId);
  const ids = rows[1]?.content.map((part: { tool_call_id: string }) => part.tool_call_id);
  expect(new Set(ids).size).toBe(2);
  expect(rows[2]?.content.map((part: { tool_call_id: string }) => part.tool_call_id)).toEqual(ids);
});

test("ten megabytes of arguments end in a result that can be read, and the chat goes on", async () => {
  const { chatId } = await slipway.create("huge arguments");
  await waitFor(async () => ["waiting", "error"].includes((await slipway.chatOf(chatId))?.status), "the turn is over");
  const rows = await slipway.rowsOf(chatId);
  expect(JSON.stringify(rows.map((row) => row.content)).length).toBeLessThan(20_000);
  expect(rows[2]?.content[0]).toMatchObject({ is_error: true, result: expect.stringContaining("smaller pieces") });
  expect(rows.at(-1)?.content[0].text).toBe("Huge.");
}, 30_000);

test("a person who presses everything at once gets answers or clear refusals, and a chat that still works", async () => {
  const { chatId } = await slipway.create("speak slowly");
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const anyQueued = async () => Number((await queueOf(chatId)).at(random(3))?.id ?? 999_999);
  const operations: (() => Promise<unknown>)[] = [
    () => slipway.send(chatId, "hello a"),
    () => slipway.send(chatId, "hello b", "steer"),
    () => slipway.send(chatId, "speak slowly again", "interrupt"),
    () => interruptChat(writer, { chatId, ownerId }),
    async () => promoteQueuedMessage(writer, { chatId, ownerId, queueId: await anyQueued() }),
    async () => removeQueuedMessage(writer, { chatId, ownerId, queueId: await anyQueued() }),
    async () => {
      const rows =
        await sql`SELECT id FROM chat_messages WHERE chat_id = ${chatId} AND NOT deleted AND role = 'user' ORDER BY id`;
      const message = rows[random(rows.length)];
      return editMessage(writer, { chatId, ownerId, messageId: Number(message?.id), content: "hello edited" });
    },
  ];
  for (let burst = 0; burst < 6; burst += 1) {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => operations[random(operations.length)]!()),
    );
    for (const outcome of outcomes) {
      if (outcome.status === "rejected" && !isApiError(outcome.reason)) throw outcome.reason;
    }
  }
  await interruptChat(writer, { chatId, ownerId });
  await waitFor(async () => (await slipway.chatOf(chatId))?.status === "waiting", "it is idle");
  await slipway.send(chatId, "hello at last");
  await waitFor(
    async () =>
      (await texts(chatId)).at(-1) === "hello at last" && (await slipway.chatOf(chatId))?.status === "waiting",
    "it answers",
  );
  const rows = await slipway.rowsOf(chatId);
  const calls = rows.flatMap((row) => row.content.filter((part: { type: string }) => part.type === "tool-call"));
  const results = rows.flatMap((row) => row.content.filter((part: { type: string }) => part.type === "tool-result"));
  expect(results).toHaveLength(calls.length);
}, 30_000);
