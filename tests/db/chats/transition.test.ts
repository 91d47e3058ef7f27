import { expect, test } from "vitest";
import { archiveChat, unarchiveChat } from "@/lib/chats/archive";
import { createChat } from "@/lib/chats/create-chat";
import { interruptChat } from "@/lib/chats/interrupt";
import { editQueuedMessage, promoteQueuedMessage, removeQueuedMessage } from "@/lib/chats/queue";
import { sendMessage } from "@/lib/chats/send-message";
import { newId } from "@/lib/ids";
import { createChatWriter } from "../../support/chat-writer";
import { createTestDatabase } from "../../support/database";

const { sql } = await createTestDatabase();
const { writer, ownerId, modelConfigId } = await createChatWriter(sql);

const newChat = () => createChat(writer, { ownerId, content: "Fix the failing test", modelConfigId });
const send = (chatId: string, content: string, more: Partial<Parameters<typeof sendMessage>[1]> = {}) =>
  sendMessage(writer, { chatId, ownerId, content, busyBehavior: "queue", ...more });
const statusOf = async (chatId: string) => (await sql`SELECT status FROM chats WHERE id = ${chatId}`)[0]?.status;
const textsOf = async (chatId: string) =>
  (await sql`SELECT role, content FROM chat_messages WHERE chat_id = ${chatId} AND NOT deleted ORDER BY id`).map(
    (row) => `${row.role}: ${row.content[0].text ?? row.content[0].result}`,
  );
const queueOf = async (chatId: string) =>
  (await sql`SELECT content FROM chat_queued_messages WHERE chat_id = ${chatId} ORDER BY position, id`).map(
    (row) => row.content[0].text,
  );

test("a new chat is pending with its message", async () => {
  const { chatId } = await newChat();
  expect(await statusOf(chatId)).toBe("pending");
  expect(await textsOf(chatId)).toEqual(["user: Fix the failing test"]);
});

test("a message to a busy chat queues, and stopping the chat sends the head", async () => {
  const { chatId } = await newChat();
  await send(chatId, "one");
  await send(chatId, "two");
  expect(await queueOf(chatId)).toEqual(["one", "two"]);
  await interruptChat(writer, { chatId, ownerId });
  expect(await statusOf(chatId)).toBe("pending");
  expect(await textsOf(chatId)).toEqual(["user: Fix the failing test", "user: one"]);
  expect(await queueOf(chatId)).toEqual(["two"]);
});

test("the queue holds twenty messages", async () => {
  const { chatId } = await newChat();
  for (let n = 0; n < 20; n++) await send(chatId, `${n}`);
  await expect(send(chatId, "one more")).rejects.toMatchObject({ code: "rate_limited" });
});

test("queued messages are edited, moved, removed and sent now", async () => {
  const { chatId } = await newChat();
  const ids: number[] = [];
  for (const text of ["a", "b", "c"]) {
    const response = await send(chatId, text);
    if (response.queued) ids.push(response.queued_message.id);
  }
  const [a, b, c] = ids as [number, number, number];
  await editQueuedMessage(writer, { chatId, ownerId, queueId: c, position: 1, parts: [{ type: "text", text: "C" }] });
  expect(await queueOf(chatId)).toEqual(["C", "a", "b"]);
  await editQueuedMessage(writer, { chatId, ownerId, queueId: a, position: 3 });
  expect(await queueOf(chatId)).toEqual(["C", "b", "a"]);
  await removeQueuedMessage(writer, { chatId, ownerId, queueId: c });
  await expect(removeQueuedMessage(writer, { chatId, ownerId, queueId: c })).rejects.toMatchObject({
    code: "not_found",
  });
  const response = await promoteQueuedMessage(writer, { chatId, ownerId, queueId: a });
  expect(response.queued).toBe(false);
  expect(await queueOf(chatId)).toEqual(["b"]);
  expect(b).toBeGreaterThan(0);
});

test("an idle chat is archived with its whole tree and comes back", async () => {
  const { chatId } = await newChat();
  await expect(archiveChat(writer, { chatId, ownerId })).rejects.toMatchObject({ code: "conflict" });
  await interruptChat(writer, { chatId, ownerId });
  await archiveChat(writer, { chatId, ownerId });
  await expect(send(chatId, "hello")).rejects.toMatchObject({ code: "conflict" });
  await unarchiveChat(writer, { chatId, ownerId });
  expect((await send(chatId, "hello")).queued).toBe(false);
});

test("another person's chat is not found", async () => {
  const { chatId } = await newChat();
  await expect(send(chatId, "x", { ownerId: newId() })).rejects.toMatchObject({ code: "not_found" });
  await expect(interruptChat(writer, { chatId, ownerId: newId() })).rejects.toMatchObject({ code: "not_found" });
  await expect(archiveChat(writer, { chatId, ownerId: newId() })).rejects.toMatchObject({ code: "not_found" });
});
