import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { insertSession } from "@/db/queries/sessions";
import { deleteToken, insertToken } from "@/db/queries/tokens";
import { sendMessage } from "@/lib/chats/send-message";
import { newId } from "@/lib/ids";
import { createPubSub } from "@/lib/pubsub";
import { createTestDatabase } from "../support/database";
import { createFakeClock } from "../support/fake-clock";
import { connect } from "../support/stream-client";
import { createStreamWorld, isType, typesOf } from "../support/stream-world";

const database = await createTestDatabase();
const { sql, db } = database;
const clock = createFakeClock();
const world = createStreamWorld(database, { clock });

const commentsOf = (text: string) => text.split("\n").filter((line) => line === ":").length;

test("a quiet stream gets a comment every 15 seconds", async () => {
  const runner = await world.newRunner();
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  await clock.advance(14_000);
  expect(commentsOf(client.text())).toBe(0);
  await clock.advance(2_000);
  await expect.poll(() => commentsOf(client.text())).toBe(1);
  await clock.advance(30_000);
  await expect.poll(() => commentsOf(client.text())).toBe(3);
  await client.disconnect();
});

test("a hint that is lost is repaired within a second", async () => {
  const runner = await world.newRunner();
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  // Published to nobody.
  const writer = { sql, pubsub: createPubSub() };
  await sendMessage(writer, { ...runner, content: "unheard", busyBehavior: "queue" });
  await clock.advance(1_000);
  await client.waitFor(() => typesOf(client).filter((type) => type === "queue_update").length === 2);
  await client.disconnect();
});

test("the repair of a list tells nothing more of a chat that was archived", async () => {
  const runner = await world.newRunner();
  const { ownerId, chatId } = runner;
  // One on each side of it in every order.
  const others = [newId(), newId()];
  for (const id of others) {
    await sql`INSERT INTO chats (id, owner_id, title, status) VALUES (${id}, ${ownerId}, 'other', 'waiting')`;
    await sql`INSERT INTO chat_runs (chat_id) VALUES (${id})`;
  }
  const client = await connect(async (request) =>
    world.hub.open({
      request,
      actor: { userId: ownerId, credentialId: await world.credential() },
      chats: [],
      watch: { from: undefined },
      endsWithChat: false,
    }),
  );
  await sql`UPDATE chats SET archived = true WHERE id = ${chatId}`;
  await sql`UPDATE chat_runs SET snapshot_version = 99 WHERE chat_id IN ${sql([chatId, ...others])}`;
  for (const [index, id] of [others[0]!, chatId, others[1]!].entries()) {
    await sql`UPDATE chats SET updated_at = now() - interval '1 second' * (1 + 0.1 * ${index}::int) WHERE id = ${id}`;
  }
  await clock.advance(1_000);
  for (const id of others) await client.waitFor(({ data }) => data.type === "chat" && data.chat.id === id);
  expect(client.events.filter(({ data }) => data.type === "chat" && data.chat.id === chatId)).toEqual([]);
  await client.disconnect();
});

const ways = {
  "a revoked token": async (userId: string, tokenId: string) => {
    await deleteToken(db, { userId, tokenId });
  },
  "an expired session": async (_userId: string, _tokenId: string, sessionId: string) => {
    await sql`UPDATE sessions SET expires_at = now() WHERE id = ${sessionId}`;
  },
  "a suspended person": async (userId: string) => {
    await sql`UPDATE users SET suspended = true WHERE id = ${userId}`;
  },
};

test.each(Object.entries(ways))("%s ends its streams within 5 seconds, and no others", async (_name, lose) => {
  const runner = await world.newRunner();
  const tokenId = newId();
  const sessionId = newId();
  const userId = runner.ownerId;
  await insertToken(db, { id: tokenId, userId, name: "t", tokenHash: randomUUID(), scopes: null, expiresInDays: 1 });
  await insertSession(db, { id: sessionId, userId, tokenHash: randomUUID(), userAgent: "", lifetimeMs: 60_000 });
  const other = await world.newRunner();
  const otherSession = newId();
  await insertSession(db, {
    id: otherSession,
    userId: other.ownerId,
    tokenHash: randomUUID(),
    userAgent: "",
    lifetimeMs: 60_000,
  });

  const lost = await world.view(runner, { credentialId: _name.includes("session") ? sessionId : tokenId });
  const kept = await world.view(other, { credentialId: otherSession });
  await kept.waitFor(isType("queue_update"));
  await lost.waitFor(isType("queue_update"));
  await clock.advance(5_000);
  expect(typesOf(lost)).not.toContain("done");
  await lose(userId, tokenId, sessionId);
  await clock.advance(5_000);
  // A look that was under way when the right went is followed by one that sees it.
  await expect.poll(() => clock.advance(1_000).then(() => typesOf(lost))).toContain("done");
  await lost.ended;
  expect(typesOf(kept)).not.toContain("done");
  await kept.disconnect();
});
