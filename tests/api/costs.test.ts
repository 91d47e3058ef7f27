import { describe, expect, test } from "vitest";
import { listCostMismatches, rebuildCostDays } from "@/db/queries/cost-verification";
import { newId } from "@/lib/ids";
import { createTestApi } from "../support/api";
import { waitFor } from "../support/daemon";
import { insertCall, insertChat, insertModelConfig, insertUser } from "../support/rows";

const api = await createTestApi();
const { sql } = api;
const admin = await api.asAdmin();
const member = await api.asMember();
const stranger = await api.asMember();
const [priced, other] = [await insertModelConfig(sql, { isDefault: true }), await insertModelConfig(sql)];

const me = member.user.id;
const root = await insertChat(sql, { ownerId: me, title: "Retry webhooks" });
const child = await insertChat(sql, { ownerId: me, rootChatId: root });
const archived = await insertChat(sql, { ownerId: me, title: "Old", archived: true });
const of = { ownerId: me, rootChatId: root, modelConfigId: priced };

await insertCall(sql, {
  ...of,
  costMicros: 100,
  input: 10,
  output: 1,
  cacheRead: 5,
  cacheWrite: 2,
  at: "2026-03-01T00:00:00Z",
});
await insertCall(sql, { ...of, chatId: child, costMicros: 30, input: 3, at: "2026-03-01T23:59:59.999Z" });
await insertCall(sql, { ...of, kind: "title", costMicros: 5, at: "2026-03-02T00:00:00Z" });
await insertCall(sql, { ...of, modelConfigId: other, costMicros: null, input: 7, at: "2026-03-02T12:00:00Z" });
await insertCall(sql, { ...of, kind: "attempt", costMicros: null, at: "2026-03-02T13:00:00Z" });
await insertCall(sql, {
  ...of,
  rootChatId: archived,
  modelConfigId: null,
  costMicros: 1_000,
  at: "2026-03-03T06:30:00Z",
});
await rebuildCostDays(sql);

const summary = async (start: string, end: string, client = member, user = "me") =>
  client.get(`/chats/cost/${user}/summary?start_date=${encodeURIComponent(start)}&end_date=${encodeURIComponent(end)}`);

describe("a person's summary", () => {
  test("sums what was spent, by model and by root chat", async () => {
    const { status, body } = await summary("2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      start_date: "2026-03-01T00:00:00Z",
      end_date: "2026-03-03T00:00:00Z",
      total_cost_micros: 135,
      priced_message_count: 2,
      unpriced_message_count: 1,
      unpriced_call_count: 2,
      total_input_tokens: 20,
      total_output_tokens: 1,
      total_cache_read_tokens: 5,
      total_cache_creation_tokens: 2,
      chat_count: 1,
      usage_limit: { is_limited: false },
    });
    expect(body.by_model).toMatchObject([
      {
        model_config_id: priced,
        display_name: "Test model",
        provider: "openai-compat",
        total_cost_micros: 135,
        message_count: 2,
      },
      { model_config_id: other, total_cost_micros: 0, message_count: 1, unpriced_call_count: 1 },
    ]);
    expect(body.by_chat).toMatchObject([
      { root_chat_id: root, chat_title: "Retry webhooks", total_cost_micros: 135, message_count: 3 },
    ]);
  });

  test("tells a root chat's status and its pull request", async () => {
    await sql`INSERT INTO chat_diff_statuses (chat_id, url, pull_request_state, pull_request_draft)
      VALUES (${archived}, 'https://github.com/a/b/pull/9', 'open', true)`;
    const { body } = await summary("2026-03-01T00:00:00Z", "2026-03-04T00:00:00Z");
    await sql`DELETE FROM chat_diff_statuses`;
    expect(body.by_chat).toMatchObject([
      { root_chat_id: archived, archived: true, pull_request_state: "open", pull_request_draft: true },
      { root_chat_id: root, status: "waiting", archived: false, pull_request_state: null, pull_request_draft: false },
    ]);
  });

  test.each([
    ["the first instant counts, the last does not", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", 130],
    ["one instant is nothing", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", 0],
    ["a millisecond around midnight", "2026-03-01T23:59:59.999Z", "2026-03-02T00:00:00.001Z", 35],
    ["inside one day", "2026-03-03T06:00:00Z", "2026-03-03T07:00:00Z", 1_000],
    ["just before", "2026-03-03T06:00:00Z", "2026-03-03T06:30:00Z", 0],
    ["days of a zone with half hours", "2026-03-03T00:00:00+05:45", "2026-03-04T00:00:00+05:45", 1_000],
    ["the long day of a change of clocks", "2026-03-01T00:00:00-08:00", "2026-03-03T00:00:00-07:00", 1_035],
    ["plain days", "2026-03-01", "2026-03-04", 1_135],
    ["ten years", "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", 1_135],
    ["until the end of time", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 1_135],
  ])("%s", async (_, start, end, cost) => {
    const { body } = await summary(start, end);
    expect(body.total_cost_micros).toBe(cost);
    expect(
      body.by_model.reduce((sum: number, row: { total_cost_micros: number }) => sum + row.total_cost_micros, 0),
    ).toBe(cost);
    expect(
      body.by_chat.reduce((sum: number, row: { total_cost_micros: number }) => sum + row.total_cost_micros, 0),
    ).toBe(cost);
  });

  test.each([
    ["start_date=2026-03-02T00:00:00Z&end_date=2026-03-01T00:00:00Z"],
    ["start_date=yesterday"],
    ["start_date=2026-02-30"],
    ["start_date=2026-03-01T00:00:00"],
    ["end_date=0001-01-01T00:00:00Z"],
    ["end_date=%2B275760-09-13T00:00:00Z"],
    ["start_date="],
    ["days=30"],
  ])("?%s is refused", async (query) => {
    expect((await member.get(`/chats/cost/me/summary?${query}`)).status).toBe(400);
  });

  test("is of the last thirty days unless dates are given, and includes what is recorded now", async () => {
    await insertCall(sql, { ownerId: stranger.user.id, rootChatId: newId(), costMicros: 7 });
    await rebuildCostDays(sql);
    const { body } = await stranger.get("/chats/cost/me/summary");
    const days = (Date.parse(body.end_date) - Date.parse(body.start_date)) / 86_400_000;
    expect([days, body.total_cost_micros]).toEqual([30, 7]);
  });

  test("of another person is not found, except for an administrator", async () => {
    expect((await summary("2026-03-01", "2026-03-04", stranger, me)).status).toBe(404);
    expect((await summary("2026-03-01", "2026-03-04", admin, me)).body.total_cost_micros).toBe(1_135);
    expect((await summary("2026-03-01", "2026-03-04", admin, newId())).status).toBe(404);
    expect((await summary("2026-03-01", "2026-03-04", admin, "nobody")).status).toBe(404);
  });

  test("keeps the name of a model that was deleted, and tells it from the one that replaced it", async () => {
    await sql`UPDATE chat_model_configs SET deleted_at = now() WHERE id = ${other}`;
    await insertModelConfig(sql);
    const { body } = await summary("2026-03-02", "2026-03-03");
    expect(body.by_model).toMatchObject([
      { model_config_id: priced },
      { model_config_id: other, display_name: "Test model" },
    ]);
  });
});

describe("everybody's costs", () => {
  const range = "start_date=2026-05-01&end_date=2026-06-01";
  const users = async (query: string) => (await admin.get(`/chats/cost/users?${range}&${query}`)).body;

  test("are paged, searched and sorted, and the count holds past the end", async () => {
    for (const [index, username] of ["anna", "bert_x", "carl", "b%b", "dora"].entries()) {
      const ownerId = await insertUser(sql, { username });
      for (let n = 0; n <= index; n++) {
        await insertCall(sql, {
          ownerId,
          rootChatId: newId(),
          costMicros: 10,
          cacheRead: 100 - index,
          at: "2026-05-05T10:00:00Z",
        });
      }
    }
    await rebuildCostDays(sql);
    const names = async (query: string) =>
      (await users(query)).users.map((user: { username: string }) => user.username);
    expect(await names("")).toEqual(["dora", "b%b", "carl", "bert_x", "anna"]);
    expect(await names("sort=username")).toEqual(["anna", "b%b", "bert_x", "carl", "dora"]);
    expect(await names("sort=total_cost_micros&limit=2")).toEqual(["anna", "bert_x"]);
    expect(await names("sort=-chat_count&limit=2&offset=2")).toEqual(["carl", "bert_x"]);
    expect(await names("username=B")).toEqual(["b%b", "bert_x"]);
    expect(await names("username=%25")).toEqual(["b%b"]);
    expect(await names("username=t_")).toEqual(["bert_x"]);
    expect(await users("offset=100")).toMatchObject({ count: 5, users: [] });
    expect(await users("username=nobody")).toMatchObject({ count: 0, users: [], totals: { total_cost_micros: 0 } });
    expect((await users("limit=1")).users[0]).toMatchObject({
      username: "dora",
      total_cost_micros: 50,
      message_count: 5,
      chat_count: 5,
      total_cache_read_tokens: 480,
    });
    expect((await users("limit=1")).totals).toMatchObject({ total_cost_micros: 150, message_count: 15 });
  });

  test("keep a deleted person's, under the former name, also where somebody new has it", async () => {
    const gone = await api.asMember();
    const { id, email, username } = gone.user;
    const august = "start_date=2026-08-01&end_date=2026-09-01";
    await insertCall(sql, { ownerId: id, rootChatId: newId(), costMicros: 7, at: "2026-08-06T10:00:00Z" });
    await rebuildCostDays(sql);
    expect((await admin.delete(`/users/${id}`)).status).toBe(204);
    const heir = await admin.post("/users", { email, username, password: "correct horse battery" });
    await insertCall(sql, { ownerId: heir.body.id, rootChatId: newId(), costMicros: 1, at: "2026-08-06T11:00:00Z" });
    await rebuildCostDays(sql);
    expect((await admin.get(`/chats/cost/users?${august}`)).body.users).toMatchObject([
      { user_id: id, username, total_cost_micros: 7, deleted: true },
      { user_id: heir.body.id, username, total_cost_micros: 1, deleted: false },
    ]);
    const costs = `/chats/cost/${id}/summary?${august}`;
    expect((await admin.get(costs)).body).toMatchObject({ total_cost_micros: 7, priced_message_count: 1 });
    expect((await member.get(costs)).status).toBe(404);
    const file = await (await admin.fetch(`/chats/cost/users/export?${august}&username=${username}`)).text();
    expect(file.split("\r\n").filter((line) => line.startsWith(`${id},${username},`))).toHaveLength(1);
    const own = await (await admin.fetch(`/chats/cost/${id}/export?rows=calls&${august}`)).text();
    expect(own.trimEnd().split("\r\n")).toHaveLength(2);
    expect(await listCostMismatches(sql)).toEqual([]);
  });

  test("are for administrators", async () => {
    expect((await member.get("/chats/cost/users")).status).toBe(403);
    expect((await member.get("/chats/cost/users/export")).status).toBe(403);
  });

  test.each(["limit=0", "limit=1000", "offset=-1", "sort=password", "limit=1.5"])("?%s is refused", async (query) => {
    expect((await admin.get(`/chats/cost/users?${query}`)).status).toBe(400);
  });
});

describe("a file of costs", () => {
  const lines = async (path: string, client = member) => {
    const response = await client.fetch(path);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    return (await response.text()).trimEnd().split("\r\n");
  };

  test("has a row for each chat, and runs nothing in a spreadsheet", async () => {
    await sql`UPDATE chats SET title = '=HYPERLINK("http://x","a")' WHERE id = ${archived}`;
    const [head, ...rows] = await lines("/chats/cost/me/export?start_date=2026-03-01&end_date=2026-03-04");
    expect(head).toBe(
      "root_chat_id,chat_title,total_cost_micros,message_count,unpriced_call_count,total_input_tokens,total_output_tokens,total_cache_read_tokens,total_cache_creation_tokens",
    );
    expect(rows).toEqual([
      `${archived},"'=HYPERLINK(""http://x"",""a"")",1000,1,0,0,0,0,0`,
      `${root},Retry webhooks,135,3,2,20,1,5,2`,
    ]);
  });

  test("has a row for each call", async () => {
    const rows = await lines("/chats/cost/me/export?rows=calls&start_date=2026-03-01&end_date=2026-03-04");
    expect(rows).toHaveLength(7);
    expect(rows[1]).toMatch(/^\d+,2026-03-01T00:00:00Z,step,/);
    expect(rows[4]).toMatch(/,$/);
  });

  test("has a row for each person", async () => {
    const rows = await lines("/chats/cost/users/export?start_date=2026-05-01&end_date=2026-06-01", admin);
    expect(rows[1]).toContain(",dora,");
    expect(rows).toHaveLength(6);
  });

  test("of another person is not found", async () => {
    expect((await stranger.get(`/chats/cost/${me}/export`)).status).toBe(404);
  });

  test("that is left in the middle lets its connection go", async () => {
    await sql`INSERT INTO model_calls (chat_id, root_chat_id, owner_id, kind, provider, model, cost_micros, created_at)
      SELECT ${root}, ${root}, ${me}, 'step', 'p', 'm', 1, '2026-04-01' FROM generate_series(1, 20000)`;
    const stop = new AbortController();
    for (let n = 0; n < 20; n++) {
      const response = await member.fetch(
        "/chats/cost/me/export?rows=calls&start_date=2026-04-01&end_date=2026-04-02",
        {
          signal: stop.signal,
        },
      );
      await response.body?.cancel();
    }
    await waitFor(async () => {
      const [open] = await sql`SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
      return open?.n === 0;
    }, "every transaction ended");
    const all = await lines("/chats/cost/me/export?rows=calls&start_date=2026-04-01&end_date=2026-04-02");
    expect(all).toHaveLength(20_001);
    await sql`DELETE FROM model_calls WHERE created_at = '2026-04-01'`;
  });
});

describe("a chat's cost", () => {
  test("tells kinds, members and how it grew", async () => {
    const { body } = await member.get(`/chats/${child}/cost`);
    expect(body).toMatchObject({
      total_cost_micros: 135,
      message_count: 3,
      unpriced_call_count: 2,
      spend_limit_micros: null,
    });
    expect(body.by_kind).toMatchObject([
      { kind: "step", call_count: 3, total_cost_micros: 130, unpriced_call_count: 1 },
      { kind: "attempt", call_count: 1, unpriced_call_count: 1 },
      { kind: "title", call_count: 1, total_cost_micros: 5 },
    ]);
    expect(body.by_chat).toMatchObject([
      { chat_id: root, parent_chat_id: null, total_cost_micros: 105 },
      { chat_id: child, parent_chat_id: root, total_cost_micros: 30 },
    ]);
    expect(body.curve.map((point: { cost_micros: number }) => point.cost_micros)).toEqual([100, 130, 135, 135, 135]);
  });

  test("lists its calls, newest first, page by page", async () => {
    const first = (await member.get(`/chats/${root}/cost/calls?limit=3`)).body;
    const rest = (await member.get(`/chats/${root}/cost/calls?before_id=${first.calls.at(-1).id}`)).body;
    expect([first.has_more, rest.has_more]).toEqual([true, false]);
    expect([...first.calls, ...rest.calls].map((call) => call.kind)).toEqual([
      "attempt",
      "step",
      "title",
      "step",
      "step",
    ]);
    expect((await stranger.get(`/chats/${root}/cost/calls`)).status).toBe(404);
  });

  test("of a chat without calls is nothing, with nothing listed", async () => {
    const empty = await insertChat(sql, { ownerId: me });
    expect((await member.get(`/chats/${empty}/cost`)).body).toMatchObject({
      total_cost_micros: 0,
      by_kind: [],
      curve: [],
    });
  });
});

describe("insights", () => {
  test("count a pull request once and price the merged ones with their trees", async () => {
    const names = (n: number) => `https://github.com/a/b/pull/${n}`;
    const pull = async (
      n: number,
      state: string,
      daysAgo: number,
      options: { merged?: number; cost: number | null },
    ) => {
      const chatId = await insertChat(sql, { ownerId: me });
      await sql`UPDATE chats SET last_model_config_id = ${priced} WHERE id = ${chatId}`;
      await sql`INSERT INTO chat_diff_statuses (chat_id, url, pull_request_state, pull_request_title, pr_number,
          pull_request_created_at, pull_request_merged_at)
        VALUES (${chatId}, ${names(n)}, ${state}, ${`PR ${n}`}, ${n}, now() - ${daysAgo} * interval '1 day',
          ${options.merged === undefined ? null : sql`now() - ${options.merged} * interval '1 day'`})`;
      await insertCall(sql, { ownerId: me, rootChatId: chatId, costMicros: options.cost });
    };
    await pull(1, "merged", 3, { merged: 1, cost: 100 });
    await pull(1, "merged", 3, { merged: 1, cost: 50 });
    await pull(2, "open", 2, { cost: 900 });
    await pull(3, "merged", 5, { merged: 4, cost: 51 });
    await pull(4, "merged", 20, { merged: 2, cost: null });
    await pull(5, "closed", 40, { cost: 1 });
    await rebuildCostDays(sql);
    const { body } = await admin.get("/chats/insights/pull-requests?days=7");
    expect(body).toMatchObject({
      days: 7,
      created_count: 3,
      merged_count: 3,
      merge_rate: 0.6667,
      merged_cost_micros: 201,
      cost_per_merged_micros: 67,
      unpriced_call_count: 1,
    });
    expect(body.series).toHaveLength(7);
    const sum = (key: string) =>
      body.series.reduce((total: number, day: Record<string, number>) => total + (day[key] ?? 0), 0);
    expect([sum("created_count"), sum("merged_count")]).toEqual([3, 3]);
    expect(body.by_model).toMatchObject([{ model_config_id: priced, display_name: "Test model", merged_count: 3 }]);
    expect(
      body.recent.map((pr: { pr_number: number; cost_micros: number | null }) => [pr.pr_number, pr.cost_micros]),
    ).toEqual([
      [2, 900],
      [1, 150],
      [3, 51],
      [4, null],
    ]);
  });

  test("count what a host with a clock ahead of ours calls tomorrow today", async () => {
    const before = (await admin.get("/chats/insights/pull-requests?days=7")).body;
    const chatId = await insertChat(sql, { ownerId: me });
    await sql`INSERT INTO chat_diff_statuses (chat_id, url, pull_request_state, pull_request_created_at)
      VALUES (${chatId}, 'https://github.com/a/b/pull/ahead', 'open', now() + interval '1 day')`;
    const { series } = (await admin.get("/chats/insights/pull-requests?days=7")).body;
    expect(series).toHaveLength(7);
    expect(series.at(-1).created_count).toBe(before.series.at(-1).created_count + 1);
  });

  test("are for administrators, in four lengths", async () => {
    expect((await member.get("/chats/insights/pull-requests")).status).toBe(403);
    expect((await admin.get("/chats/insights/pull-requests?days=8")).status).toBe(400);
    expect((await admin.get("/chats/insights/pull-requests")).body.series).toHaveLength(30);
  });
});
