import { expect, test } from "vitest";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertMessage, insertModelConfig, insertQueuedMessage } from "../support/rows";

const api = await createTestApi();
await insertModelConfig(api.sql, { isDefault: true });
const ada = await api.asMember();

async function chatWithHistory() {
  const chat = await createChatAs(ada);
  const [first] = await api.sql<{ id: number }[]>`SELECT id FROM chat_messages WHERE chat_id = ${chat.id}`;
  const answer = await insertMessage(api.sql, { chatId: chat.id, role: "assistant" });
  await insertQueuedMessage(api.sql, { chatId: chat.id, createdBy: ada.user.id, text: "next", position: 1 });
  return { chatId: chat.id as string, first: first!.id, answer };
}

test("an edited message replaces itself and everything after it, and the chat wants to run", async () => {
  const { chatId, first, answer } = await chatWithHistory();
  const edited = await ada.patch(`/chats/${chatId}/messages/${first}`, { content: "better" });
  expect(edited.status).toBe(200);
  expect(edited.body.deleted_message_ids).toEqual([first, answer]);
  expect(edited.body.message).toMatchObject({
    role: "user",
    content: [{ type: "text", text: "better" }],
    created_by: ada.user.id,
  });
  const page = await ada.get(`/chats/${chatId}/messages`);
  expect(page.body.messages.map((message: { id: number }) => message.id)).toEqual([edited.body.message.id]);
  expect(page.body.queued_messages).toEqual([]);
  expect((await ada.get(`/chats/${chatId}`)).body.status).toBe("pending");
});

test("a message of another chat, a removed one and a stranger's are not found", async () => {
  const { chatId, first } = await chatWithHistory();
  const other = await chatWithHistory();
  const edit = (client: typeof ada, message: number) =>
    client.patch(`/chats/${chatId}/messages/${message}`, { content: "x" });
  expect((await edit(ada, other.first)).status).toBe(404);
  expect((await edit(await api.asMember(), first)).status).toBe(404);
  expect((await edit(ada, first)).status).toBe(200);
  expect((await edit(ada, first)).status).toBe(404);
});

test("an agent's message, an empty text, an unknown model and an archived chat are refused", async () => {
  const { chatId, first, answer } = await chatWithHistory();
  const path = `/chats/${chatId}/messages/${first}`;
  expect((await ada.patch(`/chats/${chatId}/messages/${answer}`, { content: "x" })).body).toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining(`${answer}`),
  });
  expect((await ada.patch(path, { content: " " })).status).toBe(400);
  expect((await ada.patch(path, { content: "x", model_config_id: chatId })).status).toBe(422);
  await api.sql`UPDATE chats SET archived = true, status = 'waiting' WHERE id = ${chatId}`;
  await api.sql`DELETE FROM chat_queued_messages WHERE chat_id = ${chatId}`;
  expect((await ada.patch(path, { content: "x" })).status).toBe(409);
});
