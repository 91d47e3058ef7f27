import { describe, expect, test } from "vitest";
import { messagesPageSchema, sendMessageResponseSchema } from "@/lib/contract/messages";
import { newId } from "@/lib/ids";
import { createTestApi, type SignedInClient } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertChat, insertMessage, insertModelConfig, insertQueuedMessage } from "../support/rows";

const api = await createTestApi();
const { sql } = api;
const modelConfigId = await insertModelConfig(sql, { isDefault: true });

async function memberWithIdleChat() {
  const member = await api.asMember();
  const chatId = await insertChat(sql, { ownerId: member.user.id });
  return { member, chatId };
}

const textsOf = (items: { content: { text: string }[] }[]) => items.map((item) => item.content[0]?.text);

async function queueOf(member: SignedInClient, chatId: string): Promise<string[]> {
  const { body } = await member.get(`/chats/${chatId}/messages`);
  return textsOf(body.queued_messages) as string[];
}

async function placesOf(member: SignedInClient, chatId: string): Promise<number[]> {
  const { body } = await member.get(`/chats/${chatId}/messages`);
  return body.queued_messages.map((queued: { position: number }) => queued.position);
}

describe("GET /chats/{id}/messages", () => {
  test("pages newest first, and oldest first with after_id alone", async () => {
    const { member, chatId } = await memberWithIdleChat();
    const ids: number[] = [];
    for (let index = 0; index < 5; index += 1) ids.push(await insertMessage(sql, { chatId }));
    await insertQueuedMessage(sql, { chatId, createdBy: member.user.id, text: "later", position: 1 });
    const page = async (query: string) => {
      const { status, body } = await member.get(`/chats/${chatId}/messages?${query}`);
      expect(status).toBe(200);
      expect(messagesPageSchema.strict().parse(body)).toEqual(body);
      return [body.messages.map((message: { id: number }) => ids.indexOf(message.id)), body.has_more];
    };
    expect(await page("")).toEqual([[4, 3, 2, 1, 0], false]);
    expect(await page("limit=2")).toEqual([[4, 3], true]);
    expect(await page(`limit=2&before_id=${ids[3]}`)).toEqual([[2, 1], true]);
    expect(await page(`limit=2&after_id=${ids[0]}`)).toEqual([[1, 2], true]);
    expect(await page(`after_id=0&limit=5`)).toEqual([[0, 1, 2, 3, 4], false]);
    expect(await page(`after_id=${ids[0]}&before_id=${ids[4]}`)).toEqual([[3, 2, 1], false]);
    expect(await queueOf(member, chatId)).toEqual(["later"]);
  });

  test.each(["limit=0", "limit=201", "before_id=x", "after_id=-1", "after_id=9&before_id=9", "cursor=1"])(
    "refuses ?%s",
    async (query) => {
      const { member, chatId } = await memberWithIdleChat();
      expect((await member.get(`/chats/${chatId}/messages?${query}`)).status).toBe(400);
    },
  );
});

describe("POST /chats/{id}/messages", () => {
  test("to an idle chat becomes a row of the person and makes the chat pending", async () => {
    const { member, chatId } = await memberWithIdleChat();
    const { body: before } = await member.get(`/chats/${chatId}`);
    const answer = await member.post(`/chats/${chatId}/messages`, {
      content: "Go on.",
      model_config_id: modelConfigId,
    });
    expect(answer.status).toBe(201);
    expect(sendMessageResponseSchema.parse(answer.body)).toEqual(answer.body);
    expect(answer.body).toMatchObject({
      queued: false,
      message: { chat_id: chatId, role: "user", created_by: member.user.id, model_config_id: modelConfigId },
    });
    const { body: chat } = await member.get(`/chats/${chatId}`);
    expect(chat).toMatchObject({ status: "pending", last_model_config_id: modelConfigId });
    expect(chat.updated_at > before.updated_at).toBe(true);
    expect(api.hints.at(-1)).toMatchObject({ chatId, runnable: true });
    const { body: page } = await member.get(`/chats/${chatId}/messages`);
    expect(page.messages).toEqual([answer.body.message]);
  });

  test("to a busy chat queues, up to 20", async () => {
    const member = await api.asMember();
    const { id } = await createChatAs(member);
    for (let index = 1; index <= 20; index += 1) {
      const answer = await member.post(`/chats/${id}/messages`, { content: `later ${index}` });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({
        queued: true,
        queued_message: { delivery: "queue", created_by: member.user.id },
      });
    }
    const full = await member.post(`/chats/${id}/messages`, { content: "too many" });
    expect([full.status, full.body.code]).toEqual([429, "rate_limited"]);
    expect(await queueOf(member, id)).toHaveLength(20);
  });

  test("with steer queues marked", async () => {
    const member = await api.asMember();
    const { id } = await createChatAs(member);
    const answer = await member.post(`/chats/${id}/messages`, { content: "also this", busy_behavior: "steer" });
    expect(answer.body.queued_message.delivery).toBe("steer");
  });

  test("to an archived chat is a conflict", async () => {
    const member = await api.asMember();
    const chatId = await insertChat(sql, { ownerId: member.user.id, archived: true });
    const answer = await member.post(`/chats/${chatId}/messages`, { content: "x" });
    expect([answer.status, answer.body.code]).toEqual([409, "conflict"]);
  });

  test.each([
    [400, {}],
    [400, { content: "" }],
    [400, { content: "x", busy_behavior: "wait" }],
    [400, { content: "x", reasoning_effort: "extreme" }],
    [400, { content: "x", model_config_id: "m" }],
    [422, { content: "x", model_config_id: newId() }],
  ])("answers %i to %j", async (status, body) => {
    const { member, chatId } = await memberWithIdleChat();
    expect((await member.post(`/chats/${chatId}/messages`, body)).status).toBe(status);
    expect((await member.get(`/chats/${chatId}/messages`)).body.messages).toEqual([]);
  });

  test.each([
    [5, "content", /^A text or a list of parts is needed/],
    [undefined, "content", /^A text or a list of parts is needed/],
    [[{ type: "image" }], "content.0.type", /'text' \| 'file-reference' \| 'file'/],
    [
      [
        { type: "text", text: "one" },
        { type: "text", text: 7 },
      ],
      "content.1.text",
      /expected string, received number/,
    ],
    [[{ type: "file-reference", file_name: "a.ts" }], "content.0.start_line", /expected number, received undefined/],
  ])("says where content is wrong (%j)", async (content, field, detail) => {
    const member = await api.asMember();
    const answer = await member.post("/chats", { content });
    expect([answer.status, answer.body.code]).toEqual([400, "bad_request"]);
    expect(answer.body.validations[0]).toEqual({ field, detail: expect.stringMatching(detail) });
  });

  test("refuses a body beyond 256 KiB", async () => {
    const { member, chatId } = await memberWithIdleChat();
    const answer = await member.post(`/chats/${chatId}/messages`, { content: "x".repeat(256 * 1024) });
    expect([answer.status, answer.body.code]).toEqual([413, "too_large"]);
  });

  test("once per Idempotency-Key and chat, also at once and when the queue is full by then", async () => {
    const member = await api.asMember();
    const { id } = await createChatAs(member);
    for (let index = 1; index <= 19; index += 1) await member.post(`/chats/${id}/messages`, { content: `${index}` });
    const send = (content: string, chatId = id) =>
      member.post(`/chats/${chatId}/messages`, { content }, { headers: { "idempotency-key": "k" } });
    const answers = await Promise.all([send("last"), send("last"), send("last")]);
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201]);
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
    expect((await send("last")).body).toEqual(answers[0]?.body);
    expect((await send("other")).status).toBe(409);
    expect(await queueOf(member, id)).toHaveLength(20);
    const another = await createChatAs(member);
    expect((await send("other", another.id)).status).toBe(201);
  });
});

describe("the queue", () => {
  async function busyChat() {
    const member = await api.asMember();
    const { id } = await createChatAs(member);
    const queue: number[] = [];
    for (const content of ["a", "b", "c"]) {
      const { body } = await member.post(`/chats/${id}/messages`, { content });
      queue.push(body.queued_message.id);
    }
    return { member, id, queue };
  }

  test("PATCH changes text, place and delivery", async () => {
    const { member, id, queue } = await busyChat();
    const answer = await member.patch(`/chats/${id}/queue/${queue[2]}`, {
      content: "c!",
      position: 1,
      delivery: "steer",
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: queue[2], delivery: "steer", content: [{ type: "text", text: "c!" }] });
    expect(await queueOf(member, id)).toEqual(["c!", "a", "b"]);
    expect((await member.patch(`/chats/${id}/queue/${queue[1]}`, { position: 0 })).body.position).toBe(1);
    expect(await queueOf(member, id)).toEqual(["b", "c!", "a"]);
    for (const body of [{}, { content: "" }, { position: -1 }, { delivery: "now" }, { id: 7 }]) {
      expect((await member.patch(`/chats/${id}/queue/${queue[0]}`, body)).status).toBe(400);
    }
    expect((await member.patch(`/chats/${id}/queue/999999999`, { content: "x" })).status).toBe(404);
    expect((await member.patch(`/chats/${id}/queue/first`, { content: "x" })).status).toBe(404);
  });

  test("DELETE removes, once", async () => {
    const { member, id, queue } = await busyChat();
    expect((await member.delete(`/chats/${id}/queue/${queue[1]}`)).status).toBe(204);
    expect((await member.delete(`/chats/${id}/queue/${queue[1]}`)).status).toBe(404);
    expect(await queueOf(member, id)).toEqual(["a", "c"]);
    expect(await placesOf(member, id)).toEqual([1, 2]);
  });

  test("promote of a waiting run sends the message at once", async () => {
    const { member, id, queue } = await busyChat();
    const answer = await member.post(`/chats/${id}/queue/${queue[1]}/promote`);
    expect(answer.status).toBe(200);
    expect(sendMessageResponseSchema.parse(answer.body)).toEqual(answer.body);
    const { body } = await member.get(`/chats/${id}/messages`);
    expect(textsOf([...body.messages.toReversed(), ...body.queued_messages])).toEqual([
      "Fix the flaky test.",
      "b",
      "a",
      "c",
    ]);
  });
});

test("promoting into a running turn interrupts it and keeps the message as the same queued one", async () => {
  const member = await api.asMember();
  const { id } = await createChatAs(member);
  const queued = [];
  for (const content of ["a", "b"])
    queued.push((await member.post(`/chats/${id}/messages`, { content })).body.queued_message);
  await sql`UPDATE chats SET status = 'running' WHERE id = ${id}`;
  await sql`UPDATE chat_runs SET runnable_since = NULL, worker_id = ${newId()}, runner_id = ${newId()} WHERE chat_id = ${id}`;
  const { body } = await member.post(`/chats/${id}/queue/${queued[1].id}/promote`);
  expect(body).toEqual({ queued: true, queued_message: { ...queued[1], position: 1 } });
  expect(await queueOf(member, id)).toEqual(["b", "a"]);
  expect(await placesOf(member, id)).toEqual([1, 2]);
  expect((await member.get(`/chats/${id}`)).body.status).toBe("interrupting");
});

describe("interrupt, archive, unarchive", () => {
  test("interrupting a chat that waits for a worker makes it idle, and an idle one stays as it is", async () => {
    const member = await api.asMember();
    const { id } = await createChatAs(member);
    const answer = await member.post(`/chats/${id}/interrupt`);
    expect([answer.status, answer.body.status]).toEqual([200, "waiting"]);
    const again = await member.post(`/chats/${id}/interrupt`);
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ status: "waiting", updated_at: answer.body.updated_at });
  });

  test("archiving takes the whole tree, both ways, and is refused while a member is active", async () => {
    const member = await api.asMember();
    const ownerId = member.user.id;
    const root = await insertChat(sql, { ownerId, pinOrder: 1 });
    const child = await insertChat(sql, { ownerId, rootChatId: root, status: "running" });
    const refused = await member.post(`/chats/${root}/archive`);
    expect([refused.status, refused.body.code]).toEqual([409, "conflict"]);
    expect(refused.body.message).toMatch(/^Its subagent “.+” is running\. Stop it first/);
    await sql`UPDATE chats SET status = 'completed' WHERE id = ${child}`;
    const archived = await member.post(`/chats/${root}/archive`);
    expect(archived.status).toBe(200);
    expect(archived.body).toMatchObject({ archived: true, pinned: false, children: [{ id: child, archived: true }] });
    expect((await member.get("/chats?archived=false")).body).toEqual([]);
    expect((await member.post(`/chats/${child}/unarchive`)).status).toBe(409);
    const back = await member.post(`/chats/${root}/unarchive`);
    expect(back.body).toMatchObject({ archived: false, children: [{ id: child, archived: false }] });
  });

  test("archiving a child leaves its root", async () => {
    const member = await api.asMember();
    const ownerId = member.user.id;
    const root = await insertChat(sql, { ownerId });
    const child = await insertChat(sql, { ownerId, rootChatId: root, status: "completed" });
    expect((await member.post(`/chats/${child}/archive`)).body).toMatchObject({ id: child, archived: true });
    expect((await member.get(`/chats/${root}`)).body.archived).toBe(false);
    expect((await member.post(`/chats/${child}/unarchive`)).body.archived).toBe(false);
  });
});
