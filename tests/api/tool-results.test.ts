import { expect, test } from "vitest";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertMessage, insertModelConfig } from "../support/rows";

const api = await createTestApi();
await insertModelConfig(api.sql, { isDefault: true });
const ada = await api.asMember();

async function pausedChat(reason: "question" | "plan" | "tool_results", toolName: string) {
  const chat = await createChatAs(ada);
  const call = { type: "tool-call" as const, tool_call_id: "call_1", tool_name: toolName, args: {} };
  await insertMessage(api.sql, { chatId: chat.id, role: "assistant", parts: [call] });
  await api.sql`UPDATE chats SET status = 'paused', pause_reason = ${reason}, plan_mode = true WHERE id = ${chat.id}`;
  await api.sql`UPDATE chat_runs SET runnable_since = NULL WHERE chat_id = ${chat.id}`;
  return chat.id as string;
}
const post = (chatId: string, results: unknown, client = ada) =>
  client.post(`/chats/${chatId}/tool-results`, { results });
const one = { tool_call_id: "call_1", output: { answers: [{ answer: "yes" }] } };

test("an answered question is a row, and the chat wants to run", async () => {
  const chatId = await pausedChat("question", "ask_user_question");
  const answered = await post(chatId, [one]);
  expect(answered).toMatchObject({ status: 200, body: { id: chatId, status: "pending", pause_reason: null } });
  const { body } = await ada.get(`/chats/${chatId}/messages`);
  expect(body.messages[0]).toMatchObject({
    role: "tool",
    created_by: null,
    content: [{ result: one.output, is_error: false }],
  });
  expect((await post(chatId, [one])).status).toBe(409);
});

test("an approved plan ends plan mode, a refused one does not, and another answer is refused by name", async () => {
  for (const [output, planMode] of [
    [{ approved: true }, false],
    [{ approved: false, feedback: "no" }, true],
  ] as const) {
    const chatId = await pausedChat("plan", "propose_plan");
    const wrong = await post(chatId, [{ ...one, output: "fine" }]);
    expect(wrong).toMatchObject({ status: 422, body: { validations: [{ field: "results.0.output" }] } });
    expect((await post(chatId, [{ ...one, output }])).body.plan_mode).toBe(planMode);
  }
});

test("ids that are wrong, missing or there twice are refused by name, and strangers find nothing", async () => {
  const chatId = await pausedChat("tool_results", "get_weather");
  const other = { ...one, tool_call_id: "call_2" };
  for (const results of [[other], [one, other], [one, one]]) {
    const answer = await post(chatId, results);
    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain('"call_1"');
  }
  for (const results of [[], [{ tool_call_id: "call_1" }], [{ ...one, tool_call_id: "" }], "x"]) {
    expect((await post(chatId, results)).status).toBe(400);
  }
  expect((await post(chatId, [one], await api.asMember())).status).toBe(404);
  expect((await post(chatId, [{ ...one, output: null }])).status).toBe(200);
});

test("a chat takes tools of its caller", async () => {
  const tools = [
    {
      name: "get_weather",
      description: "Tells the weather.",
      input_schema: { type: "object", properties: { city: { type: "string" } } },
    },
    { name: "ring" },
  ];
  const created = await ada.post("/chats", { content: "weather", tools });
  expect(created.status).toBe(201);
  const [row] = await api.sql`SELECT caller_tools FROM chats WHERE id = ${created.body.id}`;
  expect(row?.caller_tools).toMatchObject([
    { name: "get_weather" },
    { name: "ring", input_schema: { type: "object" } },
  ]);
});

test.each([
  ["a built-in name", [{ name: "execute" }], '"execute"'],
  ["a name that comes twice", [{ name: "a" }, { name: "a" }], '"a" is used twice'],
  ["a name no provider takes", [{ name: "a b" }], "letters"],
  ["a name of an MCP server's", [{ name: "a__b" }], "underscores"],
  ["a schema of no object", [{ name: "a", input_schema: { type: "string" } }], '"type": "object"'],
  [
    "properties that are no schemas",
    [{ name: "a", input_schema: { type: "object", properties: { x: 1 } } }],
    "properties",
  ],
  ["251 tools", Array.from({ length: 251 }, (_, index) => ({ name: `t${index}` })), "At most 250"],
])("%s among the caller's tools is refused by name", async (_name, tools, said) => {
  const answer = await ada.post("/chats", { content: "x", tools });
  expect(answer.status).toBe(400);
  expect(answer.body.validations[0].field).toMatch(/^tools/);
  expect(JSON.stringify(answer.body)).toContain(JSON.stringify(said).slice(1, -1));
});

test("a message may turn plan mode on", async () => {
  const chat = await createChatAs(ada);
  expect((await ada.post(`/chats/${chat.id}/messages`, { content: "x", plan_mode: true })).status).toBe(201);
  expect((await ada.get(`/chats/${chat.id}`)).body.plan_mode).toBe(true);
});
