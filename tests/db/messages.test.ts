import { describe, expect, test } from "vitest";
import { findMessage, listMessages, listPrompts } from "@/db/queries/messages";
import { listQueuedMessages } from "@/db/queries/queue";
import { messageSchema, queuedMessageSchema } from "@/lib/contract/messages";
import { createTestDatabase } from "../support/database";
import { insertChat, insertMessage, insertQueuedMessage, insertUser } from "../support/rows";

const { sql, db } = await createTestDatabase();

async function chatWith(count: number) {
  const ownerId = await insertUser(sql);
  const chatId = await insertChat(sql, { ownerId });
  const ids: number[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await insertMessage(sql, { chatId }));
  return { ownerId, chatId, ids };
}

describe("listMessages", () => {
  test("is newest first, and oldest first with after_id alone", async () => {
    const { ids, ...of } = await chatWith(6);
    const page = async (options: { beforeId?: number; afterId?: number; limit: number }) => {
      const { messages, hasMore } = await listMessages(db, { ...of, ...options });
      return [messages.map((message) => ids.indexOf(message.id)), hasMore];
    };
    expect(await page({ limit: 4 })).toEqual([[5, 4, 3, 2], true]);
    expect(await page({ limit: 6 })).toEqual([[5, 4, 3, 2, 1, 0], false]);
    expect(await page({ limit: 2, beforeId: ids[2] })).toEqual([[1, 0], false]);
    expect(await page({ limit: 2, afterId: ids[2] })).toEqual([[3, 4], true]);
    expect(await page({ limit: 2, afterId: ids[3] })).toEqual([[4, 5], false]);
    expect(await page({ limit: 2, afterId: ids[0], beforeId: ids[4] })).toEqual([[3, 2], true]);
  });

  test("shows a person's rows only: no model-only and no deleted ones", async () => {
    const { chatId, ownerId } = await chatWith(0);
    await insertMessage(sql, { chatId, role: "system", visibility: "model" });
    await insertMessage(sql, { chatId, role: "user", visibility: "model", compressed: true });
    await insertMessage(sql, { chatId, deleted: true });
    const call = await insertMessage(sql, { chatId, visibility: "user", compressed: true });
    const result = await insertMessage(sql, { chatId, role: "tool", compressed: true });
    const { messages } = await listMessages(db, { chatId, ownerId, limit: 10 });
    expect(messages.map((message) => message.id)).toEqual([result, call]);
  });

  test("gives a stranger nothing", async () => {
    const { chatId, ids } = await chatWith(1);
    const ownerId = await insertUser(sql);
    expect(await listMessages(db, { chatId, ownerId, limit: 10 })).toEqual({ messages: [], hasMore: false });
    expect(await findMessage(db, { chatId, ownerId, messageId: ids[0]! })).toBeUndefined();
    expect(await listPrompts(db, { chatId, ownerId, limit: 10 })).toEqual([]);
  });

  test("is what the contract says, without what is the provider's", async () => {
    const { chatId, ownerId } = await chatWith(0);
    const messageId = await insertMessage(sql, {
      chatId,
      parts: [{ type: "reasoning", text: "hm", provider_metadata: { anthropic: { signature: "s" } } }],
      inputTokens: 12,
    });
    const message = await findMessage(db, { chatId, ownerId, messageId });
    expect(messageSchema.strict().parse(message)).toEqual(message);
    expect(message).toMatchObject({
      content: [{ type: "reasoning", text: "hm" }],
      usage: { input_tokens: 12, output_tokens: null },
      total_cost_micros: null,
      created_by: null,
    });
    expect(JSON.stringify(message)).not.toContain("signature");
  });

  test("reads version 0 rows by their role and refuses an unknown version", async () => {
    const { chatId, ownerId } = await chatWith(0);
    await sql`INSERT INTO chat_messages (chat_id, role, content, content_version) VALUES (${chatId}, 'user', '"hi"', 0)`;
    const { messages } = await listMessages(db, { chatId, ownerId, limit: 1 });
    expect(messages[0]?.content).toEqual([{ type: "text", text: "hi" }]);
    await sql`INSERT INTO chat_messages (chat_id, role, content, content_version) VALUES (${chatId}, 'user', '[]', 7)`;
    await expect(listMessages(db, { chatId, ownerId, limit: 1 })).rejects.toThrow("content_version 7");
  });
});

test("listPrompts lists what people sent, newest first", async () => {
  const { chatId, ownerId } = await chatWith(1);
  for (const text of ["one", "two"]) {
    await insertMessage(sql, { chatId, role: "user", createdBy: ownerId, parts: [{ type: "text", text }] });
  }
  await insertMessage(sql, { chatId, role: "user", parts: [{ type: "text", text: "from a parent agent" }] });
  expect(await listPrompts(db, { chatId, ownerId, limit: 10 })).toEqual(["two", "one"]);
  expect(await listPrompts(db, { chatId, ownerId, limit: 1 })).toEqual(["two"]);
});

test("listQueuedMessages is in order of position, then id, for the owner only", async () => {
  const { chatId, ownerId } = await chatWith(0);
  for (const [text, position] of [
    ["b", 2],
    ["c", 2],
    ["a", 1],
  ] as const) {
    await insertQueuedMessage(sql, { chatId, createdBy: ownerId, text, position });
  }
  const queue = await listQueuedMessages(db, { chatId, ownerId });
  expect(queue.map((item) => queuedMessageSchema.strict().parse(item).content)).toEqual(
    ["a", "b", "c"].map((text) => [{ type: "text", text }]),
  );
  expect(await listQueuedMessages(db, { chatId, ownerId: await insertUser(sql) })).toEqual([]);
});
