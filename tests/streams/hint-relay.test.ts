import { afterAll, expect, test, vi } from "vitest";
import { createSql } from "@/db/connect";
import { systemClock } from "@/lib/clock";
import { createHintRelay, toPayloads } from "@/lib/hint-relay";
import { newId } from "@/lib/ids";
import { type ChatHint, createPubSub, type Hint } from "@/lib/pubsub";
import { createTestDatabase } from "../support/database";
import { createFakeClock } from "../support/fake-clock";
import { startFaultyProxy } from "../support/faulty-proxy";

const { sql, address } = await createTestDatabase();

const chatHint = (version: number, chatId = newId()): ChatHint => ({
  type: "chat",
  chatId,
  ownerId: newId(),
  rootChatId: null,
  version,
  status: "running",
  watch: ["status_change"],
  runnable: false,
});

async function createProcess() {
  const heard: Hint[] = [];
  const pubsub = createPubSub({ connectRelay: (deliver) => createHintRelay({ sql, clock: systemClock, deliver }) });
  pubsub.subscribe((hint) => heard.push(hint));
  afterAll(() => pubsub.close());
  await vi.waitFor(() => expect(heard).toEqual([{ type: "resync" }]));
  return { heard, pubsub };
}

const first = await createProcess();
const second = await createProcess();

test("a hint is heard here at once and there once", async () => {
  const hint = chatHint(1);
  first.pubsub.publish(hint);
  expect(first.heard.at(-1)).toEqual(hint);
  await vi.waitFor(() => expect(second.heard.at(-1)).toEqual(hint));
  const last = chatHint(2);
  second.pubsub.publish(last);
  await vi.waitFor(() => expect(first.heard.at(-1)).toEqual(last));
  expect(first.heard.filter((one) => one === hint || JSON.stringify(one) === JSON.stringify(hint))).toHaveLength(1);
});

test("news stay in the process that has them", async () => {
  const news = vi.fn();
  const heard = { here: vi.fn(), there: vi.fn() };
  const unsubscribe = [first.pubsub.subscribe(heard.here), second.pubsub.subscribe(heard.there)];
  const hint = chatHint(3);
  first.pubsub.publish(hint, news);
  expect(heard.here.mock.calls).toEqual([[hint, news]]);
  await vi.waitFor(() => expect(heard.there.mock.calls).toContainEqual([hint, undefined]));
  expect(news).not.toHaveBeenCalled();
  for (const end of unsubscribe) end();
});

test("500 hints at once arrive in order of their chat's versions, in a few notifications", async () => {
  const chatId = newId();
  const before = second.heard.length;
  for (let version = 1; version <= 500; version += 1) first.pubsub.publish(chatHint(version, chatId));
  await vi.waitFor(() => expect(second.heard.length - before).toBe(500));
  const versions = second.heard.slice(before).map((hint) => (hint as ChatHint).version);
  expect(versions).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
});

test("no payload reaches PostgreSQL's limit of 8,000 bytes", () => {
  const hints = Array.from({ length: 500 }, (_, index) => chatHint(index));
  const payloads = toPayloads(newId(), hints);
  expect(payloads.length).toBeLessThan(25);
  for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
  expect(payloads.flatMap((payload) => JSON.parse(payload).h)).toEqual(hints);
});

test("a listener whose connection is cut listens again and says that hints may be lost", async () => {
  const resyncs = () => second.heard.filter((hint) => hint.type === "resync").length;
  const before = resyncs();
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`;
  await vi.waitFor(() => expect(resyncs()).toBe(before + 1), { timeout: 5_000 });
  const hint = chatHint(3);
  first.pubsub.publish(hint);
  await vi.waitFor(() => expect(second.heard.at(-1)).toEqual(hint));
});

test("a connection that takes LISTEN and delivers nothing, as behind a pooler, is found out and replaced", async () => {
  if (address.kind !== "socket") throw new Error("The tests' cluster has a socket.");
  const proxy = await startFaultyProxy(`${address.directory}/.s.PGSQL.${address.port}`);
  const pooled = createSql({ ...address, directory: proxy.directory, port: 5432 }, { max: 2 });
  const clock = createFakeClock();
  const heard: Hint[] = [];
  proxy.onHint(() => "lose");
  const relay = createHintRelay({ sql: pooled, clock, deliver: (hint) => heard.push(hint) });
  // Each time it listens anew it says that hints may have been lost.
  await vi.waitFor(async () => {
    await clock.advance(5_000);
    expect(heard.filter(({ type }) => type === "resync").length).toBeGreaterThan(1);
  });
  proxy.onHint(undefined);
  const hint = chatHint(9);
  await vi.waitFor(async () => {
    await clock.advance(5_000);
    first.pubsub.publish(hint);
    await new Promise(setImmediate);
    expect(heard).toContainEqual(hint);
  });
  const closing = relay.close();
  await clock.advance(5_000);
  await closing;
  await pooled.end({ timeout: 1 });
  await proxy.close();
});
