import { beforeEach, expect, test } from "vitest";
import { newId } from "@/lib/ids";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertChat, insertMessage, insertModelConfig, insertQueuedMessage } from "../support/rows";

const api = await createTestApi();
const modelConfigId = await insertModelConfig(api.sql, { isDefault: true });
const admin = await api.asAdmin();
const member = await api.asMember();
const stranger = await api.asMember();

const spend = (ownerId: string, costMicros: number, daysAgo = 0) =>
  api.sql`INSERT INTO cost_days (owner_id, day, root_chat_id, model_config_id, cost_micros)
    VALUES (${ownerId}, (now() AT TIME ZONE 'UTC')::date - ${daysAgo}::int, ${newId()}, ${modelConfigId}, ${costMicros})`;
const put = (body: object) => admin.put("/chats/usage-limits", body);
const status = async (client = member) => (await client.get("/chats/usage-limits/status")).body;

beforeEach(async () => {
  await api.sql`DELETE FROM cost_days`;
  await api.sql`DELETE FROM usage_limits`;
  await api.sql`DELETE FROM usage_limit_overrides`;
});

test("without a limit there is none", async () => {
  expect((await admin.get("/chats/usage-limits")).body).toMatchObject({
    spend_limit_micros: null,
    period: "month",
    fail_open: false,
    overrides: [],
  });
  expect(await status()).toMatchObject({ is_limited: false, is_exceeded: false, spent_micros: 0 });
});

test("a limit is kept, and what a later write leaves out stays", async () => {
  expect((await put({ spend_limit_micros: 5_000_000, period: "week", fail_open: true })).status).toBe(200);
  const { body } = await put({ spend_limit_micros: 6_000_000 });
  expect(body).toMatchObject({ spend_limit_micros: 6_000_000, period: "week", fail_open: true });
  expect((await put({ spend_limit_micros: null })).body.spend_limit_micros).toBeNull();
});

test.each([
  [{ spend_limit_micros: -1 }],
  [{ spend_limit_micros: 1.5 }],
  [{ spend_limit_micros: 2 ** 53 }],
  [{ spend_limit_micros: "5" }],
  [{ period: "day" }],
  [{ spend_limit_micros: 1, period: "year" }],
])("%j is refused", async (body) => {
  expect((await put(body)).status).toBe(400);
});

test.each(["day", "week", "month"] as const)("a %s begins at midnight UTC, a week on Monday", async (period) => {
  await put({ spend_limit_micros: 100, period });
  const { period_start, period_end, resets_at } = await status();
  const [start, end] = [new Date(period_start), new Date(period_end)];
  expect(period_start).toMatch(/T00:00:00Z$/);
  expect(resets_at).toBe(period_end);
  const days = (end.getTime() - start.getTime()) / 86_400_000;
  if (period === "day") expect(days).toBe(1);
  if (period === "week") expect([start.getUTCDay(), days]).toEqual([1, 7]);
  if (period === "month") expect([start.getUTCDate(), end.getUTCDate()]).toEqual([1, 1]);
});

test("spending of an earlier period does not count", async () => {
  await put({ spend_limit_micros: 100, period: "day" });
  await spend(member.user.id, 100, 1);
  expect(await status()).toMatchObject({ spent_micros: 0, is_exceeded: false });
});

test("from 80 % on it is near, at the limit it is reached", async () => {
  await put({ spend_limit_micros: 100 });
  await spend(member.user.id, 79);
  expect(await status()).toMatchObject({ is_near: false, is_exceeded: false });
  await spend(member.user.id, 1);
  expect(await status()).toMatchObject({ is_near: true, is_exceeded: false });
  await spend(member.user.id, 20);
  expect(await status()).toMatchObject({ is_near: true, is_exceeded: true, spent_micros: 100 });
});

test("new work at the limit is refused with the figures, and is allowed again when it is raised", async () => {
  const chat = await createChatAs(member);
  const messageId = await insertMessage(api.sql, { chatId: chat.id, role: "user", createdBy: member.user.id });
  const queued = await insertQueuedMessage(api.sql, {
    chatId: chat.id,
    createdBy: member.user.id,
    text: "x",
    position: 1,
  });
  await put({ spend_limit_micros: 1_000_000, period: "day" });
  await spend(member.user.id, 1_000_001);
  const { resets_at } = await status();
  const attempts = () => [
    member.post("/chats", { content: "hello" }),
    member.post(`/chats/${chat.id}/messages`, { content: "more" }),
    member.patch(`/chats/${chat.id}/messages/${messageId}`, { content: "other" }),
    member.post(`/chats/${chat.id}/queue/${queued}/promote`),
  ];
  for (const answer of await Promise.all(attempts())) {
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: "conflict",
      spent_micros: 1_000_001,
      limit_micros: 1_000_000,
      resets_at,
    });
    expect(answer.body.message).toContain("$1.00");
  }
  await put({ spend_limit_micros: 2_000_000 });
  expect((await member.post("/chats", { content: "hello" })).status).toBe(201);
});

test("a repeated request gets its first answer also at the limit", async () => {
  const headers = { "idempotency-key": newId() };
  const first = await member.post("/chats", { content: "once" }, { headers });
  await put({ spend_limit_micros: 0 });
  const again = await member.post("/chats", { content: "once" }, { headers });
  expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
});

test("another person's chat is not found, at the limit too", async () => {
  const chat = await createChatAs(member);
  await put({ spend_limit_micros: 0 });
  expect((await stranger.post(`/chats/${chat.id}/messages`, { content: "x" })).status).toBe(404);
});

test("an override holds instead of the default, and null is no limit", async () => {
  await put({ spend_limit_micros: 100 });
  await spend(member.user.id, 150);
  const path = `/chats/usage-limits/overrides/${member.user.id}`;
  const set = await admin.put(path, { spend_limit_micros: 200 });
  expect(set.body.overrides).toMatchObject([
    { user_id: member.user.id, username: member.user.username, spend_limit_micros: 200, spent_micros: 150 },
  ]);
  expect(await status()).toMatchObject({ spend_limit_micros: 200, source: "override", is_exceeded: false });
  await admin.put(path, { spend_limit_micros: null });
  expect(await status()).toMatchObject({ is_limited: false });
  expect((await admin.delete(path)).status).toBe(204);
  expect(await status()).toMatchObject({ spend_limit_micros: 100, source: "default", is_exceeded: true });
  expect((await admin.delete(path)).status).toBe(404);
  expect((await admin.put(`/chats/usage-limits/overrides/${newId()}`, { spend_limit_micros: 1 })).status).toBe(404);
});

test("a limit of one agent is set, kept, taken away, and refuses its next message", async () => {
  const chat = await createChatAs(member);
  const path = `/chats/${chat.id}`;
  const limit = async () => (await member.get(`${path}/cost`)).body.spend_limit_micros;
  expect((await member.patch(path, { spend_limit_micros: 0 })).status).toBe(200);
  await member.patch(path, { title: "Another title" });
  expect(await limit()).toBe(0);
  const refused = await member.post(`${path}/messages`, { content: "x" });
  expect(refused).toMatchObject({ status: 409, body: { code: "conflict", limit_micros: 0, resets_at: null } });
  await member.patch(path, { spend_limit_micros: null });
  expect(await limit()).toBeNull();
  expect((await member.post(`${path}/messages`, { content: "x" })).status).toBe(201);
});

test.each([-1, 0.5, 2 ** 53, "5"])("an agent's limit of %s is refused", async (spend_limit_micros) => {
  const chat = await createChatAs(member);
  expect((await member.patch(`/chats/${chat.id}`, { spend_limit_micros })).status).toBe(400);
});

test("a subagent has no limit of its own, and another person's agent is not found", async () => {
  const root = await createChatAs(member);
  const child = await insertChat(api.sql, { ownerId: member.user.id, rootChatId: root.id });
  const refused = await member.patch(`/chats/${child}`, { spend_limit_micros: 1 });
  expect(refused).toMatchObject({ status: 409, body: { message: expect.stringContaining("subagent") } });
  expect((await stranger.patch(`/chats/${root.id}`, { spend_limit_micros: 1 })).status).toBe(404);
});

test("members see their own status and may change nothing", async () => {
  expect((await member.get("/chats/usage-limits")).status).toBe(403);
  expect((await member.put("/chats/usage-limits", { spend_limit_micros: 1 })).status).toBe(403);
  const path = `/chats/usage-limits/overrides/${member.user.id}`;
  expect((await member.put(path, { spend_limit_micros: 1 })).status).toBe(403);
  expect((await member.delete(path)).status).toBe(403);
});

test("when the check fails, work is refused unless an administrator chose otherwise", async () => {
  await put({ spend_limit_micros: 100 });
  await api.sql`ALTER TABLE usage_limit_overrides RENAME TO broken`;
  const refused = await member.post("/chats", { content: "hello" });
  await api.sql`UPDATE usage_limits SET fail_open = true`;
  const allowed = await member.post("/chats", { content: "hello" });
  await api.sql`ALTER TABLE broken RENAME TO usage_limit_overrides`;
  expect([refused.status, refused.body.code, allowed.status]).toEqual([503, "unavailable", 201]);
});
