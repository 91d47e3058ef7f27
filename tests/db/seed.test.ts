import { expect, test } from "vitest";
import { findChatCost } from "@/db/queries/chat-cost";
import { listChats } from "@/db/queries/chats";
import { listMessages } from "@/db/queries/messages";
import { seedDatabase } from "@/db/seed";
import { largeChatId, seedLarge } from "@/db/seed-large";
import { verifyPassword } from "@/lib/auth/password";
import { chatSchema } from "@/lib/contract/chats";
import { messageSchema } from "@/lib/contract/messages";
import { createTestDatabase } from "../support/database";
import { insertModelConfig, insertUser } from "../support/rows";

const { sql, db } = await createTestDatabase();

test("the development data set is valid, and is not written twice", async () => {
  const seeded = await seedDatabase(sql, { force: false });
  const [owner] = await sql<{ id: string; passwordHash: string }[]>`
    SELECT id, password_hash AS "passwordHash" FROM users`;
  expect(await verifyPassword(seeded.password!, owner!.passwordHash)).toBe(true);
  const ownerId = owner!.id;
  const chats = await listChats(db, { ownerId, limit: 200 });
  expect(chats).toHaveLength(seeded.chatCount);
  for (const chat of chats) {
    chatSchema.parse(chat);
    const { messages } = await listMessages(db, { chatId: chat.id, ownerId, limit: 200 });
    for (const message of messages) messageSchema.parse(message);
  }
  expect(chats.flatMap((chat) => chat.children)).toHaveLength(5);
  expect(new Set(chats.map((chat) => chat.status))).toEqual(new Set(["waiting", "paused", "error"]));
  expect((await findChatCost(db, { chatId: chats[0]!.id, ownerId }))?.total_cost_micros).toBeGreaterThan(0);
  await expect(seedDatabase(sql, { force: false })).rejects.toThrow("--force");
  expect((await seedDatabase(sql, { force: true })).password).toBeNull();
});

test("the large data set has the size asked for, is valid, and its pages never repeat a chat", async () => {
  const ownerId = await insertUser(sql);
  const modelConfigId = await insertModelConfig(sql);
  await seedLarge(sql, {
    ownerId,
    modelConfigId,
    size: { chatCount: 1_000, messageCount: 5_050, longChatMessages: 500 },
  });
  const [counts] = await sql`
    SELECT count(DISTINCT c.id)::int AS chats, count(m.id)::int AS messages,
      count(*) FILTER (WHERE c.id = ${largeChatId(1)})::int AS long, count(DISTINCT c.updated_at)::int AS times
    FROM chats c JOIN chat_messages m ON m.chat_id = c.id WHERE c.owner_id = ${ownerId}`;
  expect(counts).toEqual({ chats: 1_000, messages: 5_050, long: 500, times: 334 });
  const walked: string[] = [];
  for (;;) {
    const page = await listChats(db, { ownerId, limit: 70, afterId: walked.at(-1) });
    if (page.length === 0) break;
    for (const chat of page) chatSchema.parse(chat);
    walked.push(...page.map((chat) => chat.id));
  }
  expect([walked.length, new Set(walked).size]).toEqual([900, 900]);
  const { messages, hasMore } = await listMessages(db, { chatId: largeChatId(1), ownerId, limit: 50 });
  expect([messages.length, hasMore]).toEqual([50, true]);
  for (const message of messages) messageSchema.parse(message);
});
