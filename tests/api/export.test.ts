import { expect, test } from "vitest";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertMessage, insertModelConfig } from "../support/rows";

const api = await createTestApi();
await insertModelConfig(api.sql, { isDefault: true });
const ada = await api.asMember();

async function chatToExport() {
  const chat = await createChatAs(ada);
  const chatId = chat.id as string;
  await api.sql`UPDATE chats SET title = 'Fix the parser, üblich' WHERE id = ${chatId}`;
  const call = { type: "tool-call" as const, tool_call_id: "a", tool_name: "execute", args: { command: "ls" } };
  const result = {
    type: "tool-result" as const,
    tool_call_id: "a",
    tool_name: "execute",
    result: "a\n```\nb",
    is_error: true,
  };
  await insertMessage(api.sql, {
    chatId,
    parts: [{ type: "reasoning", text: "Hm." }, { type: "text", text: "Looking." }, call],
  });
  await insertMessage(api.sql, { chatId, role: "tool", parts: [result] });
  return chatId;
}

test("Markdown has everything that was said, and code that cannot end its fence", async () => {
  const chatId = await chatToExport();
  const { status, headers, body } = await ada.get(`/chats/${chatId}/export`);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("text/markdown; charset=utf-8");
  expect(headers.get("content-disposition")).toBe('attachment; filename="fix-the-parser-u-blich.md"');
  for (const text of [
    "# Fix the parser, üblich",
    "## Person",
    "> Hm.",
    "Looking.",
    '"command": "ls"',
    "**execute** failed",
  ]) {
    expect(body).toContain(text);
  }
  expect(body).toContain("````\na\n```\nb\n````");
});

test("JSON has the chat and every message in order, also of a chat of many pages", async () => {
  const chatId = await chatToExport();
  for (let index = 0; index < 250; index += 1)
    await insertMessage(api.sql, { chatId, parts: [{ type: "text", text: `n${index}` }] });
  const { body } = await ada.get(`/chats/${chatId}/export?format=json`);
  expect(body.chat.id).toBe(chatId);
  expect(body.messages).toHaveLength(253);
  const ids = body.messages.map((message: { id: number }) => message.id);
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
});

test("an unknown format and a stranger are refused", async () => {
  const chatId = await chatToExport();
  expect((await ada.get(`/chats/${chatId}/export?format=pdf`)).status).toBe(400);
  expect((await (await api.asMember()).get(`/chats/${chatId}/export`)).status).toBe(404);
});
