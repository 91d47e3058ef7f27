import { expect, test } from "vitest";
import { archiveChat } from "@/lib/chats/archive";
import { newId } from "@/lib/ids";
import { createPubSub } from "@/lib/pubsub";
import { findWatchPosition } from "@/lib/streams/cursor";
import { countStatements } from "../support/count-statements";
import { createTestDatabase } from "../support/database";
import { connect, type Received, type StreamClient } from "../support/stream-client";
import { createStreamWorld, type StreamWorld } from "../support/stream-world";

const database = await createTestDatabase();
const { sql } = database;
const bootId = newId();
const world = createStreamWorld(database, { bootId });

const watch = (ownerId: string, cursor?: string, on: StreamWorld = world): Promise<StreamClient> =>
  connect(async (request) =>
    on.hub.open({
      request,
      actor: { userId: ownerId, credentialId: await on.credential() },
      chats: [],
      watch: { from: cursor === undefined ? undefined : findWatchPosition(bootId, cursor) },
      endsWithChat: false,
    }),
  );

const isKind =
  (kind: string, chatId: string) =>
  ({ data }: Received) =>
    data.type === "chat" && data.kind === kind && data.chat.id === chatId;

test("a person's list hears of their chats and of nobody else's", async () => {
  const runner = await world.newRunner();
  const client = await watch(runner.ownerId);
  const stranger = await world.newRunner();
  await stranger.acquire();
  await runner.acquire();
  const received = await client.waitFor(isKind("status_change", runner.chatId));
  expect(received.data).toMatchObject({ type: "chat", chat: { status: "running", owner_id: runner.ownerId } });
  await runner.commitAnswer([{ type: "text", text: "Done." }]);
  await runner.finish();
  await client.waitFor(({ data }) => data.type === "chat" && data.chat.status === "waiting" && data.chat.has_unread);
  await archiveChat({ sql, pubsub: world.pubsub }, { chatId: runner.chatId, ownerId: runner.ownerId });
  await client.waitFor(isKind("deleted", runner.chatId));
  expect(client.events.every(({ data }) => data.type === "chat" && data.chat.owner_id === runner.ownerId)).toBe(true);
  await client.disconnect();
});

test("one statement is read per change, whatever the number of sidebars", async () => {
  const runner = await world.newRunner();
  const clients = await Promise.all(Array.from({ length: 20 }, () => watch(runner.ownerId)));
  const statements = await countStatements(sql, async () => {
    runner.hint("title_change");
    await Promise.all(clients.map((client) => client.waitFor(isKind("title_change", runner.chatId))));
  });
  expect(statements.filter((text) => text.includes("page AS MATERIALIZED"))).toHaveLength(1);
  await Promise.all(clients.map((client) => client.disconnect()));
});

test("a client that comes back gets what it missed, each chat as it is now", async () => {
  const runner = await world.newRunner();
  const cursor = world.hub.listCursor(runner.ownerId);
  await runner.acquire();
  await runner.commitAnswer([{ type: "text", text: "Done." }]);
  await runner.finish();
  const client = await watch(runner.ownerId, cursor);
  await client.waitFor(isKind("status_change", runner.chatId));
  expect(client.events).toHaveLength(1);
  expect(client.events[0]?.data).toMatchObject({ chat: { status: "waiting" } });
  await client.disconnect();
  const again = await watch(runner.ownerId, client.lastEventId());
  await archiveChat({ sql, pubsub: world.pubsub }, { chatId: runner.chatId, ownerId: runner.ownerId });
  await again.waitFor(isKind("deleted", runner.chatId));
  expect(again.events).toHaveLength(1);
  await again.disconnect();
});

test("a first connection that had no event yet knows its place", async () => {
  const runner = await world.newRunner();
  const client = await watch(runner.ownerId);
  await expect.poll(() => client.lastEventId()).not.toBe("");
  await client.disconnect();
  await runner.acquire();
  const again = await watch(runner.ownerId, client.lastEventId());
  await again.waitFor(isKind("status_change", runner.chatId));
  await again.disconnect();
});

test("a place that is more than 1,000 events away, or of another process, gets resync first", async () => {
  const runner = await world.newRunner();
  const cursor = world.hub.listCursor(runner.ownerId);
  const elsewhere = createStreamWorld(database, { pubsub: createPubSub() });
  for (let i = 0; i < 1_001; i += 1) {
    runner.hint("summary_change");
  }
  const old = await watch(runner.ownerId, cursor);
  const foreign = await watch(runner.ownerId, elsewhere.hub.listCursor(runner.ownerId));
  for (const client of [old, foreign]) {
    await client.waitFor(({ data }) => data.type === "resync");
    runner.hint("title_change");
    await client.waitFor(isKind("title_change", runner.chatId));
    expect(client.events.map(({ event }) => event)[0]).toBe("resync");
    expect(client.events.filter(({ event }) => event === "resync")).toHaveLength(1);
    await client.disconnect();
  }
});

test("hints that may have been lost tell every sidebar to read again", async () => {
  const runner = await world.newRunner();
  const client = await watch(runner.ownerId);
  world.pubsub.publish({ type: "resync" });
  await client.waitFor(({ data }) => data.type === "resync");
  await client.disconnect();
});
