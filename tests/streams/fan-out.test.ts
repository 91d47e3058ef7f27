import { setImmediate as nextTick } from "node:timers/promises";
import { expect, test } from "vitest";
import { MAX_QUEUED_BYTES } from "@/lib/streams/connection";
import { createTestDatabase } from "../support/database";
import type { HandRunner } from "../support/hand-runner";
import { createStreamWorld, isType, type View } from "../support/stream-world";

const database = await createTestDatabase();
const world = createStreamWorld(database);

/** A viewer whose chunks are looked at one by one. */
async function openReader(runner: HandRunner, view?: View) {
  const controller = new AbortController();
  const response = await world.open(runner, new Request("http://127.0.0.1/", { signal: controller.signal }), view);
  const reader = response.body!.getReader();
  return {
    abort: () => controller.abort(),
    next: async () => (await reader.read()).value,
    /** Reads until a chunk contains the text. */
    until: async (text: string) => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended before ${text}`);
        if (Buffer.from(value).includes(text)) return value;
      }
    },
    rest: async () => {
      let sizeBytes = 0;
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return sizeBytes;
        sizeBytes += value.byteLength;
      }
    },
  };
}

test("a thousand viewers of a chat get the very same bytes", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const readers = await Promise.all(Array.from({ length: 1_000 }, () => openReader(runner)));
  await Promise.all(readers.map((reader) => reader.until("queue_update")));
  runner.say({ type: "text", delta: "once" });
  const chunks = await Promise.all(readers.map((reader) => reader.next()));
  expect(Buffer.from(chunks[0]!).toString()).toContain('"delta":"once"');
  expect(new Set(chunks).size).toBe(1);
  for (const reader of readers) reader.abort();
  await expect.poll(() => world.hub.openCount).toBe(0);
}, 60_000);

test("a viewer that does not read is cut off at its bound and resumes by its cursor; the others get everything", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const slow = await openReader(runner);
  await slow.until("queue_update");
  const quick = await world.view(runner);
  await quick.waitFor(isType("queue_update"));
  const delta = "y".repeat(20_000);
  for (let i = 1; i <= 40; i += 1) {
    runner.say({ type: "text", delta });
    await quick.waitFor((received) => received.data.type === "message_part" && received.data.seq === i);
  }
  expect(world.hub.openCount).toBe(1);
  const queuedBytes = await slow.rest();
  expect(queuedBytes).toBeGreaterThan(MAX_QUEUED_BYTES / 2);
  expect(queuedBytes).toBeLessThanOrEqual(MAX_QUEUED_BYTES);

  const cutAt = quick.events.find((received) => received.data.type === "message_part" && received.data.seq === 5);
  const back = await world.view(runner, { cursor: cutAt?.id });
  await back.waitFor((received) => received.data.type === "message_part" && received.data.seq === 40);
  expect(back.events.map(({ data }) => data.type === "message_part" && data.seq)).toEqual(
    Array.from({ length: 35 }, (_, index) => index + 6),
  );
  await Promise.all([quick.disconnect(), back.disconnect()]);
});

test("more parts than the ring keeps reach a viewer that comes back folded, after preview_reset", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const client = await world.view(runner);
  runner.say({ type: "text", delta: "start " });
  await client.waitFor(isType("message_part"));
  const cursor = client.lastEventId();
  const delta = "z".repeat(30_000);
  for (let i = 2; i <= 50; i += 1) {
    runner.say({ type: "text", delta });
    await client.waitFor((received) => received.data.type === "message_part" && received.data.seq === i);
  }
  const back = await world.view(runner, { cursor });
  const part = await back.waitFor(isType("message_part"));
  expect(back.events.map((received) => received.event)).toEqual(["preview_reset", "message_part"]);
  expect(part.data).toMatchObject({ seq: 50, part: { type: "text" } });
  expect(JSON.stringify(part.data)).toContain(`start ${delta}`);
  await Promise.all([client.disconnect(), back.disconnect()]);
});

test("a request that is given up while its chat is looked up opens nothing", async () => {
  const runner = await world.newRunner();
  const controller = new AbortController();
  const opening = world.open(runner, new Request("http://127.0.0.1/", { signal: controller.signal }));
  controller.abort();
  expect((await opening).status).toBe(204);
  expect(world.hub.openCount).toBe(0);
});

test("a thousand abrupt disconnects, at any moment, leave nothing behind", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const staying = await world.view(runner);
  for (let round = 0; round < 20; round += 1) {
    const readers = await Promise.all(Array.from({ length: 50 }, () => openReader(runner)));
    for (const [index, reader] of readers.entries()) {
      if (index % 3 === 0) await nextTick();
      if (index % 2 === 0) void reader.next();
      reader.abort();
    }
    runner.say({ type: "text", delta: `${round} ` });
  }
  await expect.poll(() => world.hub.openCount).toBe(1);
  await staying.waitFor((received) => JSON.stringify(received.data).includes("19 "));
  await staying.disconnect();
  expect(world.hub.openCount).toBe(0);
  expect(world.hub.watchedCount).toBe(0);
}, 60_000);
