/** What the hot paths may ask of the database: the cheapest alarm for work that grows. */
import { expect, test } from "vitest";
import { acquireChats, announceAcquired } from "@/lib/chats/acquire";
import { archiveChat } from "@/lib/chats/archive";
import { createChat } from "@/lib/chats/create-chat";
import { commitAnswer, commitResults, finishTurn } from "@/lib/chats/runner-commits";
import { sendMessage } from "@/lib/chats/send-message";
import { systemClock } from "@/lib/clock";
import { newId } from "@/lib/ids";
import { createPubSub } from "@/lib/pubsub";
import { createStreamHub } from "@/lib/streams/hub";
import { createChatWriter } from "../support/chat-writer";
import { countStatements } from "../support/count-statements";
import { createTestDaemon, waitFor } from "../support/daemon";
import { createTestDatabase } from "../support/database";
import { reply } from "../support/model-reply";
import { byStep } from "../support/model-script";
import { registerWorker } from "../support/rows";
import { createStreamWorld, isType, statusIs } from "../support/stream-world";

const { sql } = await createTestDatabase();
const { writer, ownerId, modelConfigId } = await createChatWriter(sql);

/** The statements without those that frame a transaction, and how many transactions were committed. */
async function costOf(work: () => Promise<unknown>): Promise<{ statements: string[]; commits: number }> {
  const all = await countStatements(sql, work);
  const isFrame = (text: string) => /^\s*(begin|commit)/i.test(text);
  return {
    statements: all.filter((text) => !isFrame(text)),
    commits: all.filter((text) => /^\s*commit/i.test(text)).length,
  };
}

const newChat = () => createChat(writer, { ownerId, content: "Fix it.", modelConfigId });

test("a chat is created with four statements at most, in one transaction", async () => {
  const { statements, commits } = await costOf(newChat);
  expect(statements.length, statements.join("\n")).toBeLessThanOrEqual(4);
  expect(commits).toBe(1);
});

test("a message is sent with the lock and three statements at most, whatever the length of the chat", async () => {
  const { chatId } = await newChat();
  const counts: number[] = [];
  for (const rows of [0, 2_000]) {
    await sql`INSERT INTO chat_messages (chat_id, role, content, content_version)
      SELECT ${chatId}, 'assistant', '[{"type":"text","text":"old"}]', 1 FROM generate_series(1, ${rows}::int)`;
    const { statements, commits } = await costOf(() =>
      sendMessage(writer, { chatId, ownerId, content: "And this.", busyBehavior: "queue" }),
    );
    const locks = statements.filter((text) => text.includes("FOR UPDATE"));
    expect(locks).toHaveLength(1);
    expect(statements.length - locks.length, statements.join("\n")).toBeLessThanOrEqual(3);
    expect(commits).toBe(1);
    counts.push(statements.length);
  }
  expect(counts[0]).toBe(counts[1]);
});

test("a step is committed with four statements at most: the answer, the results, the last answer with the end of the turn", async () => {
  const { chatId } = await newChat();
  const runs = await acquireChats(writer, { workerId: await registerWorker(sql), limit: 10 });
  for (const run of runs) announceAcquired(writer, run);
  const fence = { runnerId: runs.find((run) => run.chatId === chatId)!.runnerId };
  const call = { type: "tool-call", tool_call_id: "1", tool_name: "execute", args: {} } as const;
  const result = { type: "tool-result", tool_call_id: "1", tool_name: "execute", result: "", is_error: false } as const;
  const answer = { parts: [call], modelConfigId, runtimeMs: 1, call: null };
  for (const commit of [
    () => commitAnswer(writer, { chatId, fence, answer }),
    () => commitResults(writer, { chatId, fence, parts: [result] }),
    () => finishTurn(writer, { chatId, fence, answer: { ...answer, parts: [{ type: "text", text: "Done." }] } }),
  ]) {
    const { statements, commits } = await costOf(commit);
    expect(statements.length, statements.join("\n")).toBeLessThanOrEqual(4);
    expect(commits).toBe(1);
  }
});

test("a tree of any size is archived by one statement, and read and locked by as many as a single chat", async () => {
  const counts: number[] = [];
  for (const children of [0, 300]) {
    const { chatId } = await newChat();
    await sql`UPDATE chats SET status = 'waiting' WHERE id = ${chatId}`;
    await sql`INSERT INTO chats (id, owner_id, title, status, parent_chat_id, root_chat_id)
      SELECT gen_random_uuid(), ${ownerId}, 'child', 'completed', ${chatId}, ${chatId} FROM generate_series(1, ${children}::int)`;
    const { statements, commits } = await costOf(() => archiveChat(writer, { chatId, ownerId }));
    expect(statements.filter((text) => text.includes("UPDATE chats"))).toHaveLength(1);
    expect(commits).toBe(1);
    const [left] = await sql`
      SELECT count(*)::int AS count FROM chats WHERE (id = ${chatId} OR root_chat_id = ${chatId}) AND NOT archived`;
    expect(left?.count).toBe(0);
    counts.push(statements.length);
  }
  expect(counts[0]).toBe(counts[1]);
});

test("a notification of a chat that nobody watches reads nothing", async () => {
  const pubsub = createPubSub();
  const hub = createStreamHub({ sql, pubsub, clock: systemClock, bootId: newId() });
  const { chatId } = await newChat();
  const hint = { type: "chat", chatId, ownerId, rootChatId: null, version: 99, status: "running" } as const;
  const { statements } = await costOf(async () => {
    for (let round = 0; round < 20; round += 1)
      pubsub.publish({ ...hint, version: 99 + round, watch: [], runnable: false });
    // Another statement on the same pool: what the hints began stands before it.
    await sql`SELECT 1`;
  });
  expect(statements).toHaveLength(1);
  await hub.close();
  await pubsub.close();
});

test("a watched turn of the server's own worker is shown without a read of its chat", async () => {
  const database = await createTestDatabase();
  const script = byStep([reply.toolCalls([{ name: "execute", args: { command: "ls" } }]), reply.text("Done.")]);
  const slipway = await createTestDaemon({ script, database });
  const world = createStreamWorld(database, { pubsub: slipway.pubsub });
  await slipway.start();
  const { chatId } = await slipway.create("Look.");
  await slipway.until(chatId, "waiting");
  const client = await world.view({ chatId, ownerId: slipway.ownerId });
  await client.waitFor(isType("queue_update"));
  const statements = await countStatements(slipway.sql, async () => {
    await slipway.send(chatId, "And again.");
    await client.waitFor(() => client.events.filter(statusIs("waiting")).length === 2);
  });
  expect(client.events.filter(statusIs("running"))).toHaveLength(1);
  expect(client.events.filter(isType("message")).length).toBeGreaterThanOrEqual(6);
  expect(statements.filter((text) => text.includes("'lastMessageId'"))).toEqual([]);
  await client.disconnect();
});

test("an idle server sends two statements a second at most", async () => {
  const defaults = { SLIPWAY_WORKER_HEARTBEAT_MS: "2000", SLIPWAY_WORKER_LEASE_MS: "10000" };
  const idle = await createTestDaemon({ script: reply.text("Hello."), variables: defaults });
  await idle.start();
  let startedAt = 0;
  const statements = await countStatements(idle.sql, async () => {
    startedAt = performance.now();
    await waitFor(() => performance.now() - startedAt > 4_500, "two heartbeats were due");
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  expect(statements.length, statements.join("\n")).toBeLessThanOrEqual(2 * seconds);
  expect(statements.filter((text) => /update\s+"?workers/i.test(text)).length).toBeGreaterThanOrEqual(2);
});
