import { afterAll, expect, test } from "vitest";
import { findSaidParts } from "@/lib/chats/said-parts";
import { systemClock } from "@/lib/clock";
import { createHintRelay } from "@/lib/hint-relay";
import { newId } from "@/lib/ids";
import { createPubSub } from "@/lib/pubsub";
import { createTestDatabase } from "../support/database";
import { createFakeClock } from "../support/fake-clock";
import type { HandRunner } from "../support/hand-runner";
import { createStreamWorld, isType, statusIs } from "../support/stream-world";
import { createStrictViewer } from "../support/strict-viewer";

const database = await createTestDatabase();
const { sql } = database;

function createProcess() {
  const pubsub = createPubSub({ connectRelay: (deliver) => createHintRelay({ sql, clock: systemClock, deliver }) });
  afterAll(() => pubsub.close());
  return createStreamWorld(database, { pubsub });
}

const owner = createProcess();
const other = createProcess();

const historyVersionOf = async ({ chatId }: HandRunner): Promise<number> => {
  const [run] = await sql<{ version: number }[]>`
    SELECT history_version AS version FROM chat_runs WHERE chat_id = ${chatId}`;
  return run!.version;
};

test("a viewer on another process follows the parts by their checkpoints, with the owner's numbers", async () => {
  const runner = await owner.newRunner();
  const client = await other.view(runner);
  await runner.acquire();
  await client.waitFor(statusIs("running"));
  const strict = createStrictViewer();
  let said = "";
  for (let i = 0; i < 5; i += 1) {
    runner.say({ type: "text", delta: `word${i} ` });
    said += `word${i} `;
    await client.waitFor(() => JSON.stringify(client.events).includes(`word${i} `));
  }
  for (const { data } of client.events) strict.take(data as never);
  expect(strict.parts).toMatchObject([{ type: "text", text: said }]);
  await runner.commitAnswer([{ type: "text", text: said }]);
  await runner.finish();
  await client.waitFor(statusIs("waiting"));
  expect(client.events.map(({ event }) => event)).not.toContain("preview_reset");
  await client.disconnect();
});

test("an owner that dies leaves its parts: a new process shows them, and an interruption keeps them", async () => {
  const doomed = createProcess();
  const runner = await doomed.newRunner();
  await runner.acquire();
  runner.say({ type: "reasoning", delta: "I should look first. " });
  runner.say({ type: "text", delta: "Looking at the tests" });
  runner.say({ type: "tool-call", tool_call_id: "c1", tool_name: "execute", args_delta: '{"comm' });
  const historyVersion = await historyVersionOf(runner);
  const saved = () => findSaidParts(sql, { chatId: runner.chatId, historyVersion });
  const parts = [
    { type: "reasoning", text: "I should look first. " },
    { type: "text", text: "Looking at the tests" },
    { type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: '{"comm' },
  ];
  expect(doomed.hub.partial(runner.chatId)?.parts).toEqual(parts);
  await expect.poll(saved).toMatchObject({ answer: parts });

  expect(other.hub.partial(runner.chatId)).toBeUndefined();
  const client = await other.view(runner);
  await client.waitFor((received) => JSON.stringify(received.data).includes("Looking at the tests"));
  await runner.commitAnswer([{ type: "text", text: "Looking at the tests" }]);
  expect(await saved()).toMatchObject({ answer: [], results: [] });
  await client.disconnect();
});

test("frames are checkpointed after 250 ms, or at 4 KB, and without waiting for the disk", async () => {
  const clock = createFakeClock();
  const world = createStreamWorld(database, { clock });
  const runner = await world.newRunner();
  await runner.acquire();
  const count = async () => {
    const [row] = await sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM chat_part_checkpoints WHERE chat_id = ${runner.chatId}`;
    return row!.count;
  };
  runner.say({ type: "text", delta: "short" });
  await clock.advance(200);
  expect(await count()).toBe(0);
  await clock.advance(60);
  await expect.poll(count).toBe(1);
  runner.say({ type: "text", delta: "x".repeat(5_000) });
  await clock.advance(16);
  await expect.poll(count).toBe(2);
  const [rows] = await sql<{ seqs: number[] }[]>`
    SELECT array_agg(first_seq ORDER BY first_seq) AS seqs FROM chat_part_checkpoints WHERE chat_id = ${runner.chatId}`;
  expect(rows?.seqs).toEqual([1, 2]);
});

test("a paused process that wakes up shows nothing over the work of its successor", async () => {
  const runner = await owner.newRunner();
  await runner.acquire();
  const run = { chatId: runner.chatId, historyVersion: await historyVersionOf(runner) };
  const zombie = owner.hub.openEpisode({ ...run, attempt: 1 });
  const client = await owner.view(runner);
  const successor = owner.hub.openEpisode({ ...run, attempt: 2 });
  successor.append("assistant", { type: "text", delta: "new" });
  zombie.append("assistant", { type: "text", delta: "stale" });
  owner.hub.openEpisode({ ...run, attempt: 1 }).append("assistant", { type: "text", delta: "stale" });
  await client.waitFor(isType("message_part"));
  successor.append("assistant", { type: "text", delta: "er" });
  await client.waitFor((received) => JSON.stringify(received.data).includes('"er"'));
  expect(JSON.stringify(client.events)).not.toContain("stale");
  expect(owner.hub.partial(runner.chatId)?.parts).toEqual([{ type: "text", text: "newer" }]);
  await client.disconnect();
});

test("half a character waits for its other half, and what jsonb refuses is replaced", async () => {
  const world = createStreamWorld(database, { pubsub: createPubSub() });
  const runner = await world.newRunner();
  await runner.acquire();
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  const [high, low] = ["\uD83D", "\uDE00"];
  runner.say({ type: "text", delta: `smile ${high}` });
  await client.waitFor(isType("message_part"));
  runner.say({ type: "text", delta: `${low} nul \0 end` });
  await client.waitFor((received) => JSON.stringify(received.data).includes("end"));
  const strict = createStrictViewer();
  for (const { data } of client.events) strict.take(data as never);
  expect(strict.parts).toMatchObject([{ text: "smile \u{1F600} nul \uFFFD end" }]);
  const historyVersion = await historyVersionOf(runner);
  await expect
    .poll(async () => (await findSaidParts(sql, { chatId: runner.chatId, historyVersion })).answer)
    .toEqual([{ type: "text", text: "smile \u{1F600} nul \uFFFD end" }]);
  await client.disconnect();
});

test("a stream that starts elsewhere still ends here when nobody hears of anything but the poller", async () => {
  const deaf = createStreamWorld(database, { pubsub: createPubSub(), bootId: newId() });
  const runner = await owner.newRunner();
  const client = await deaf.view(runner);
  await client.waitFor(isType("queue_update"));
  await runner.acquire();
  runner.say({ type: "text", delta: "heard late" });
  await client.waitFor(isType("message_part"));
  await runner.commitAnswer([{ type: "text", text: "heard late" }]);
  await runner.finish();
  await client.waitFor(statusIs("waiting"));
  expect(client.events.filter(isType("message"))).toHaveLength(2);
  await client.disconnect();
});
