/** One death, one story: what is on the disk afterwards, and how it goes on. */
import { afterAll, expect, test } from "vitest";
import { interruptChat } from "@/lib/chats/interrupt";
import { findSaidParts } from "@/lib/chats/said-parts";
import { reply } from "../support/model-reply";
import type { ModelServerRequest } from "../support/model-request";
import { byPrompt, byStep } from "../support/model-script";
import type { ServerProcess } from "../support/server-process";
import { spawn, spawnedIds } from "../support/subagent-script";
import { createDaemons } from "./daemons";

const WORDS = Array.from({ length: 120 }, (_, index) => `word-${index} `);
/** Three quarters of a second and more after the 60th word; then the model says nothing more. */
const TALK = reply.text(WORDS, { delayMs: 20, earlyEnd: { type: "hang", afterChunks: 110 } });
const COMMAND = "echo ran >> effects; sleep 6; echo done";
const FULL = { input: 900_000, output: 20 };

const isSummaryRequest = ({ messages }: ModelServerRequest) => /Write the summary/.test(messages.at(-1)?.text ?? "");
const isSummed = ({ messages }: ModelServerRequest) => /<summary>/.test(messages[0]?.text ?? "");

const world = await createDaemons((request) => {
  if (request.tools.length === 0 && !isSummaryRequest(request)) return reply.text("A title");
  if (isSummaryRequest(request)) return reply.text("SUMMARY-CANARY: half of it is done.");
  if (isSummed(request)) return reply.text("Went on.");
  return byPrompt(
    [
      [/^talk/, TALK],
      [/^command/, byStep([reply.toolCalls([{ name: "execute", args: { command: COMMAND } }]), reply.text("After.")])],
      [/^child/, reply.text("Done by the child.")],
      [/^spawn/, byStep([reply.toolCalls([spawn("child")]), reply.text("Spawned.")])],
      [
        /^tell/,
        byStep([
          reply.toolCalls([spawn("child")]),
          (asked) => reply.toolCalls([{ name: "wait_agent", args: { chat_id: spawnedIds(asked)[0] } }]),
          (asked) =>
            reply.toolCalls([
              { name: "message_agent", args: { chat_id: spawnedIds(asked)[0], message: "child, more" } },
            ]),
          reply.text("Told."),
        ]),
      ],
      [/^full/, byStep([reply.toolCalls([{ name: "execute", args: { command: "true" } }], { usage: FULL })])],
    ],
    reply.text("Hello."),
  );
});
afterAll(() => world.close());
const { sql, chatOf, rowsOf, until } = world;

let daemon: ServerProcess = await world.launch();
await world.insertPerson();

const said = async (chatId: string): Promise<string> => {
  const historyVersion = (await chatOf(chatId))?.history_version as number;
  const { answer } = await findSaidParts(sql, { chatId, historyVersion });
  return answer.map((part) => (part.type === "text" ? part.text : "")).join("");
};
const hasSaid = (chatId: string, word: string) =>
  expect.poll(() => said(chatId).catch(() => ""), { interval: 20 }).toContain(word);
const textOf = async (chatId: string) => (await rowsOf(chatId)).map((row) => row.content[0]?.text).at(-1);
const isPrefix = (text: string) => WORDS.join("").startsWith(text);

test("kill -9 of a daemon alone: what was said is there, and a stop keeps it", async () => {
  const chatId = await world.create("talk to me");
  await hasSaid(chatId, "word-60 ");
  await daemon.kill();
  const left = await said(chatId);
  await interruptChat(world.writer, { chatId, ownerId: world.ownerId });
  daemon = await world.launch();
  await until(chatId, "waiting");
  const kept = await textOf(chatId);
  expect(kept.startsWith(left)).toBe(true);
  expect(isPrefix(kept)).toBe(true);
});

test("kill -9 of the postmaster and the daemon at once: what was said a second before is there", async () => {
  const chatId = await world.create("talk again");
  await hasSaid(chatId, "word-40 ");
  // Checkpoints do not wait for the disk: the last second may be lost with PostgreSQL, not more.
  await hasSaid(chatId, "word-100 ");
  process.kill(await world.postmasterPid(), "SIGKILL");
  await daemon.kill();
  await hasSaid(chatId, "word-40 ");
  await interruptChat(world.writer, { chatId, ownerId: world.ownerId });
  daemon = await world.launch();
  await until(chatId, "waiting");
  const kept = await textOf(chatId);
  expect(kept).toContain("word-40 ");
  expect(isPrefix(kept)).toBe(true);
});

test("a worker that is stopped for longer than its lease and wakes up writes nothing, and no command runs twice", async () => {
  const chatId = await world.create("command");
  await expect.poll(() => world.effectsOf(chatId, "effects").catch(() => [])).toEqual(["ran"]);
  const zombie = daemon;
  const lost = (await chatOf(chatId))?.runner_id;
  zombie.signal("SIGSTOP");
  daemon = await world.launch();
  await expect.poll(async () => [null, lost].includes((await chatOf(chatId))?.runner_id)).toBe(false);
  await until(chatId, "waiting");
  const before = await rowsOf(chatId);
  expect(before.map((row) => row.role)).toEqual(["user", "assistant", "tool", "assistant"]);
  const asked = world.model.requests.length;
  zombie.signal("SIGCONT");
  await expect.poll(() => zombie.output()).toContain("run lost its chat");
  expect(await rowsOf(chatId)).toEqual(before);
  expect(await world.effectsOf(chatId, "effects")).toEqual(["ran"]);
  expect(world.model.requests.length).toBe(asked);
  await zombie.stop();
});

/** Dies there; the next one goes on. */
async function killAt(mark: string, phase: "before" | "after", content: string): Promise<string> {
  await world.arm(mark, phase);
  const chatId = await world.create(content);
  await world.dies(daemon);
  daemon = await world.launch();
  await until(chatId, "waiting");
  return chatId;
}
const childrenOf = (chatId: string) => sql`SELECT id, status FROM chats WHERE parent_chat_id = ${chatId}`;

test.each(["ledger.begin", "spawn.commit"])("a worker killed after %s of a subagent makes one", async (mark) => {
  const chatId = await killAt(mark, "after", "spawn");
  expect(await textOf(chatId)).toBe("Spawned.");
  const children = await childrenOf(chatId);
  expect(children).toHaveLength(1);
  await until(children[0]?.id as string, "completed");
});

test("a worker killed after it told its subagent something tells it once", async () => {
  const chatId = await killAt("transition.commit.send_queue", "after", "tell");
  expect(await textOf(chatId)).toBe("Told.");
  const [child] = await childrenOf(chatId);
  await until(child?.id as string, "completed");
  const told = (await rowsOf(child?.id as string)).filter(({ role }) => role === "user");
  expect(told.map((row) => row.content[0]?.text)).toEqual(["child", "child, more"]);
});

test("a worker killed in the middle of a compaction keeps all history and goes on", async () => {
  const chatId = await killAt("transition.commit.commit_compaction", "before", "full");
  const rows = await rowsOf(chatId);
  const visible = rows.filter((row) => !row.compressed).map((row) => row.role);
  expect(visible).toEqual(["user", "assistant", "tool", "assistant"]);
  expect(rows.filter((row) => row.compressed && row.visibility === "model")).toHaveLength(1);
  // The model server refuses a prompt whose calls and results do not belong together, as the vendor does.
  expect(await textOf(chatId)).toBe("Went on.");
});

test.each([
  ["transition.apply.send_queue", "waiting"],
  ["transition.commit.send_queue", "running"],
])("a server killed after %s of a message that it claims works on it once", async (mark, left) => {
  await daemon.stop();
  let server = await world.launch("all");
  const created = await world.post(server, "/chats", { content: "hello" }, `create ${mark}`);
  const { id: chatId } = (await created.json()) as { id: string };
  await until(chatId, "waiting");
  const asked = world.model.requests.length;
  const send = () => world.post(server, `/chats/${chatId}/messages`, { content: "hello again" }, `send ${mark}`);
  await world.arm(mark, "after");
  await expect(send()).rejects.toThrow();
  await world.dies(server);
  expect((await chatOf(chatId))?.status).toBe(left);
  server = await world.launch("all");
  expect((await send()).status).toBe(201);
  await until(chatId, "waiting");
  expect((await rowsOf(chatId)).map((row) => row.role)).toEqual(["user", "assistant", "user", "assistant"]);
  const answered = world.model.requests.slice(asked).filter(({ messages }) => messages.at(-1)?.text === "hello again");
  expect(answered).toHaveLength(1);
  await server.stop();
  daemon = await world.launch();
});
