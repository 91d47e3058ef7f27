/** News are taken as they come, or not at all: hints lost, doubled, late, and other processes in between. */
import { setImmediate as nextTick } from "node:timers/promises";
import { expect, test } from "vitest";
import { findChatState } from "@/db/queries/streams";
import { sendMessage } from "@/lib/chats/send-message";
import type { ChatEvent } from "@/lib/contract/events";
import { createPubSub, type PubSub } from "@/lib/pubsub";
import { decodeCursor } from "@/lib/streams/cursor";
import { createTestDatabase } from "../support/database";
import { createFakeClock } from "../support/fake-clock";
import { createHandRunner, type HandRunner } from "../support/hand-runner";
import { createRandom, type Random } from "../support/random";
import { createStreamWorld, isType, statusIs } from "../support/stream-world";
import { createStrictViewer } from "../support/strict-viewer";

const database = await createTestDatabase();
const { sql } = database;

/** Loses, doubles and holds back hints with their news; what is held back comes in any order. */
function createBadBus(random: Random): PubSub & { quiet: () => void } {
  const bus = createPubSub();
  let isBad = true;
  const held: (() => void)[] = [];
  return {
    ...bus,
    quiet() {
      isBad = false;
    },
    publish(...hint) {
      const deliver = () => bus.publish(...hint);
      if (!isBad || random.chance(0.5)) deliver();
      else held.push(...Array.from({ length: random.below(3) }, () => deliver));
      while (held.length > 0 && random.chance(0.4)) held.splice(random.below(held.length), 1)[0]?.();
    },
  };
}

/** A turn with a step of tools, and messages that come in the middle of it. */
async function turn(runner: HandRunner, number: number, interfere: () => Promise<unknown>): Promise<void> {
  const call = { type: "tool-call", tool_call_id: `c${number}`, tool_name: "execute", args: {} } as const;
  const { args: _, ...named } = call;
  runner.say({ type: "text", delta: `Looking ${number}` });
  await interfere();
  await runner.commitAnswer([{ type: "text", text: `Looking ${number}` }, call]);
  await interfere();
  await runner.commitResults([{ ...named, type: "tool-result", result: "ok", is_error: false }]);
  await interfere();
  await runner.commitAnswer([{ type: "text", text: "Done." }]);
  await runner.finish();
}

test.each([1, 2, 3, 4, 5, 6])(
  "bad hints and other processes in between cost reads, and no row: seed %i",
  async (seed) => {
    const random = createRandom(seed);
    const bus = createBadBus(random);
    const world = createStreamWorld(database, { pubsub: bus });
    const runner = await world.newRunner();
    const client = await world.view(runner);
    const elsewhere = { sql, pubsub: createPubSub() };
    const target = { chatId: runner.chatId, ownerId: runner.ownerId, busyBehavior: "queue" } as const;
    const interfere = async () => {
      for (let ticks = random.below(20); ticks > 0; ticks -= 1) await nextTick();
      if (random.chance(0.15)) await sendMessage(elsewhere, { ...target, content: "Meanwhile." });
    };
    const statusOf = async () => (await sql`SELECT status FROM chats WHERE id = ${runner.chatId}`)[0]?.status;
    await runner.acquire();
    for (let number = 0; number < 15; number += 1) {
      await turn(runner, number, interfere);
      if ((await statusOf()) === "pending") await runner.acquire();
      else await runner.send("Go on.");
    }
    await runner.finish();
    bus.quiet();
    runner.hintFromElsewhere();

    const state = await findChatState(sql, { chatId: runner.chatId, afterId: 0, knownQueueVersion: -1 });
    // The version of a place moves with the last event of a change.
    await client.waitFor(({ id }) => decodeCursor(runner.chatId, id).version === state?.snapshotVersion);
    const viewer = createStrictViewer();
    for (const { data } of client.events) viewer.take(data as ChatEvent);
    expect(viewer.rows).toEqual(state?.messages.map(({ message }) => message));
    expect(viewer).toMatchObject({ status: state?.status, queue: state?.queue, parts: [] });
    await client.disconnect();
  },
);

/** Reads of chats from the n-th on arrive late: when they are let go. */
function createSlowSql(first: number) {
  const [isRead, mayArrive] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let reads = 0;
  const slow = new Proxy(sql, {
    apply(target, self, args: [TemplateStringsArray, ...unknown[]]) {
      const query = Reflect.apply(target, self, args) as Promise<unknown>;
      if (!String(args[0]).includes("'lastMessageId'")) return query;
      reads += 1;
      if (reads < first) return query;
      return query.then((rows) => {
        isRead.resolve();
        return mayArrive.promise.then(() => rows);
      });
    },
  });
  return { slow, isRead: isRead.promise, letGo: mayArrive.resolve };
}

/** Nothing is repaired by the clock. */
const createWorldWithout = (slow: typeof sql, pubsub?: PubSub) =>
  createStreamWorld({ ...database, sql: slow }, { clock: createFakeClock(), ...(pubsub && { pubsub }) });

test("a chat that moves while it is first read is read again at once, not when the poller comes", async () => {
  const { slow, isRead, letGo } = createSlowSql(1);
  const world = createWorldWithout(slow);
  const runner = await createHandRunner({ sql, pubsub: world.pubsub, hub: world.hub });
  const client = await world.view(runner);
  await isRead;
  await runner.acquire();
  letGo();
  await client.waitFor(statusIs("running"));
  expect(client.events.filter(isType("message"))).toHaveLength(1);
  await client.disconnect();
});

test("news that are overtaken by a read do not take its place", async () => {
  const { slow, isRead, letGo } = createSlowSql(2);
  const bus = createPubSub();
  const held: Parameters<PubSub["publish"]>[] = [];
  const world = createWorldWithout(slow, bus);
  const holding = { ...bus, publish: (...hint: Parameters<PubSub["publish"]>) => void held.push(hint) };
  const runner = await createHandRunner({ sql, pubsub: holding, hub: world.hub });
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  await runner.acquire();
  const [acquired] = held.slice(-1);
  await runner.finish();
  const [finished] = held.slice(-1);
  bus.publish(finished![0]);
  await isRead;
  bus.publish(...acquired!);
  letGo();
  await client.waitFor(statusIs("waiting"));
  expect(client.events.filter(isType("status"))).toHaveLength(2);
  await client.disconnect();
});
