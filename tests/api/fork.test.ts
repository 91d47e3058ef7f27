import { expect, test } from "vitest";
import type { StoredPart } from "@/lib/contract/messages";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertMessage, insertModelConfig, insertQueuedMessage } from "../support/rows";

const api = await createTestApi();
await insertModelConfig(api.sql, { isDefault: true });
const ada = await api.asMember();

const call = (id: string): StoredPart => ({ type: "tool-call", tool_call_id: id, tool_name: "execute", args: {} });
const result = (id: string): StoredPart => ({
  type: "tool-result",
  tool_call_id: id,
  tool_name: "execute",
  result: "ok",
  is_error: false,
});

/** person, answer with two calls, results, answer. */
async function chatWithStep() {
  const chat = await createChatAs(ada);
  const chatId = chat.id as string;
  const [first] = await api.sql<{ id: number }[]>`SELECT id FROM chat_messages WHERE chat_id = ${chatId}`;
  const asked = await insertMessage(api.sql, {
    chatId,
    role: "assistant",
    parts: [call("a"), call("b")],
    inputTokens: 7,
  });
  const given = await insertMessage(api.sql, { chatId, role: "tool", parts: [result("a"), result("b")] });
  const last = await insertMessage(api.sql, { chatId, role: "assistant" });
  await insertQueuedMessage(api.sql, { chatId, createdBy: ada.user.id, text: "next", position: 1 });
  return { chatId, first: first!.id, asked, given, last };
}
const fork = (chatId: string, messageId: number, client = ada) =>
  client.post(`/chats/${chatId}/fork`, { message_id: messageId });
type Row = {
  role: string;
  created_by: string | null;
  usage: unknown;
  total_cost_micros: unknown;
  content: { is_error?: boolean }[];
};
const rowsOf = async (chatId: string): Promise<Row[]> =>
  (await ada.get(`/chats/${chatId}/messages`)).body.messages.reverse();

test("a fork has the history up to and including the message, in the same workspace, without queue or cost", async () => {
  const { chatId, last } = await chatWithStep();
  const workspace = await api.sql`SELECT gen_random_uuid() AS id`;
  const id = workspace[0]!.id;
  await api.sql`INSERT INTO templates (id, name) VALUES (${id}, 'T')`;
  await api.sql`INSERT INTO workspaces (id, name, owner_id, template_id) VALUES (${id}, 'w', ${ada.user.id}, ${id})`;
  await api.sql`UPDATE chats SET workspace_id = ${id}, title = 'Fix it' WHERE id = ${chatId}`;
  const made = await fork(chatId, last);
  expect(made).toMatchObject({
    status: 201,
    body: { title: "Fix it (fork)", status: "waiting", workspace_id: id, parent_chat_id: null, has_unread: false },
  });
  const [copies, originals] = [await rowsOf(made.body.id), await rowsOf(chatId)];
  expect(copies.map((row) => [row.role, row.created_by, row.content])).toEqual(
    originals.map((row) => [row.role, row.created_by, row.content]),
  );
  expect(copies.every((row) => row.usage === null && row.total_cost_micros === null)).toBe(true);
  expect((await ada.get(`/chats/${made.body.id}/messages`)).body.queued_messages).toEqual([]);
  expect(await api.sql`SELECT FROM model_calls WHERE chat_id = ${made.body.id}`).toHaveLength(0);
  expect((await ada.post(`/chats/${made.body.id}/messages`, { content: "go on" })).body.queued).toBe(false);
});

test("a fork in the middle of a step leaves no call open", async () => {
  const { chatId, asked } = await chatWithStep();
  const made = await fork(chatId, asked);
  const rows = await rowsOf(made.body.id);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool"]);
  expect(rows[2]?.content.map((part) => part.is_error)).toEqual([true, true]);
});

test("what was taken back is not in a fork, and a summary keeps pointing at what it replays", async () => {
  const { chatId, first, given, last } = await chatWithStep();
  await api.sql`UPDATE chat_messages SET deleted = true WHERE chat_id = ${chatId} AND id = ${last}`;
  const summary = await insertMessage(api.sql, { chatId, role: "user", visibility: "model", compressed: true });
  await api.sql`UPDATE chat_messages SET replayed_message_ids = ${[first, given]} WHERE chat_id = ${chatId} AND id = ${summary}`;
  const end = await insertMessage(api.sql, { chatId, role: "assistant" });
  expect((await fork(chatId, last)).status).toBe(422);
  const made = await fork(chatId, end);
  const rows = await api.sql<{ id: number; role: string; replayed: number[] | null }[]>`
    SELECT id, role, replayed_message_ids AS replayed FROM chat_messages WHERE chat_id = ${made.body.id} ORDER BY id`;
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "user", "assistant"]);
  expect(rows[3]?.replayed).toEqual([rows[0]?.id, rows[2]?.id]);
});

test("a message of another chat, no message and a stranger are refused", async () => {
  const { chatId, first } = await chatWithStep();
  const other = await chatWithStep();
  expect(await fork(chatId, other.first)).toMatchObject({
    status: 422,
    body: { validations: [{ field: "message_id" }] },
  });
  expect((await fork(chatId, first, await api.asMember())).status).toBe(404);
  expect((await ada.post(`/chats/${chatId}/fork`, { message_id: "1" })).status).toBe(400);
});
