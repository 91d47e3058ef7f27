import { expect, test } from "vitest";
import { findChatCost } from "@/db/queries/chat-cost";
import { listChats } from "@/db/queries/chats";
import { listMessages } from "@/db/queries/messages";
import { seedDatabase } from "@/db/seed";
import { verifyPassword } from "@/lib/auth/password";
import { chatSchema } from "@/lib/contract/chats";
import { messageSchema } from "@/lib/contract/messages";
import { createTestDatabase } from "../support/database";

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
  expect(chats.flatMap((chat) => chat.children)).toHaveLength(2);
  expect(new Set(chats.map((chat) => chat.status))).toEqual(new Set(["waiting", "paused", "error"]));
  expect((await findChatCost(db, { chatId: chats[0]!.id, ownerId }))?.total_cost_micros).toBeGreaterThan(0);
  await expect(seedDatabase(sql, { force: false })).rejects.toThrow("--force");
  expect((await seedDatabase(sql, { force: true })).password).toBeNull();
});
