import { sql as fragment } from "drizzle-orm";
import { expect, test } from "vitest";
import { hasUnread } from "@/db/queries/chat-rows";
import { createTestDatabase } from "../support/database";
import { insertChat, insertUser } from "../support/rows";

const { db, sql } = await createTestDatabase();

test("whether a chat is unread is a probe, also where one chat holds all messages", async () => {
  const ownerId = await insertUser(sql);
  const chatId = await insertChat(sql, { ownerId });
  for (let count = 0; count < 5; count++) await insertChat(sql, { ownerId });
  await sql`INSERT INTO chat_messages (chat_id, history_version, role, content, content_version)
    SELECT ${chatId}, 1, 'assistant', '[]'::jsonb, 1 FROM generate_series(1, 5000)`;
  await sql`ANALYZE chats, chat_messages`;
  const plan = await db.execute<{ "QUERY PLAN": string }>(fragment`EXPLAIN SELECT ${hasUnread} FROM chats c`);
  const lines = plan.map((row) => row["QUERY PLAN"]).join("\n");
  expect(lines).toContain("Index Scan using chat_messages_chat_id_id_pk");
  expect(lines).not.toContain("Seq Scan on chat_messages");
});
