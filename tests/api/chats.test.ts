import { describe, expect, test, vi } from "vitest";
import { chatSchema } from "@/lib/contract/chats";
import { newId } from "@/lib/ids";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { insertChat, insertMessage, insertModelConfig } from "../support/rows";

const api = await createTestApi();
const { sql } = api;

const modelConfigId = await insertModelConfig(sql, { isDefault: true });

test("creating a chat without any model is a conflict that says what to do", async () => {
  const member = await api.asMember();
  await sql`UPDATE chat_model_configs SET enabled = false WHERE id = ${modelConfigId}`;
  const answer = await member.post("/chats", { content: "Hello." });
  await sql`UPDATE chat_model_configs SET enabled = true WHERE id = ${modelConfigId}`;
  expect([answer.status, answer.body.code]).toEqual([409, "conflict"]);
  expect(answer.body.message).toContain("No model is configured");
});

describe("POST /chats", () => {
  test("answers 201 with a pending chat of the caller, and wakes the daemons", async () => {
    const member = await api.asMember();
    const answer = await member.post("/chats", {
      content: [
        { type: "text", text: "Look at this:" },
        { type: "file-reference", file_name: "a.ts", start_line: 1, end_line: 2, content: "x" },
      ],
      labels: { team: "core" },
      repository: "https://example.com/acme/parser.git",
      branch: "main",
    });
    expect(answer.status).toBe(201);
    expect(chatSchema.strict().parse(answer.body)).toEqual(answer.body);
    expect(answer.body).toMatchObject({
      owner_id: member.user.id,
      owner_username: member.user.username,
      title: "Look at this:",
      status: "pending",
      archived: false,
      root_chat_id: null,
      workspace_id: null,
      last_model_config_id: modelConfigId,
      labels: { team: "core" },
      has_unread: false,
      children: [],
      diff_status: null,
      last_error: null,
    });
    const [row] = await sql`SELECT repository, branch, title_source FROM chats WHERE id = ${answer.body.id}`;
    expect(row).toEqual({
      repository: "https://example.com/acme/parser.git",
      branch: "main",
      title_source: "fallback",
    });
    const { body } = await member.get(`/chats/${answer.body.id}/messages`);
    expect(body.messages).toHaveLength(1);
    expect(body.messages[0]).toMatchObject({ role: "user", created_by: member.user.id });
    expect(api.hints).toContainEqual(expect.objectContaining({ chatId: answer.body.id, runnable: true }));
    const lines = { type: "file-reference", file_name: "src/parse date.ts", start_line: 1, end_line: 2, content: "x" };
    const wordless = await member.post("/chats", { content: [lines] });
    expect(wordless.body.title).toBe("src/parse date.ts");
  });

  test("keeps the reasoning effort of the first turn", async () => {
    const member = await api.asMember();
    const { body } = await member.post("/chats", { content: "Think.", reasoning_effort: "high" });
    const [row] = await sql`SELECT reasoning_effort FROM chat_messages WHERE chat_id = ${body.id}`;
    expect(row).toEqual({ reasoning_effort: "high" });
  });

  test.each([
    ["no content", {}],
    ["empty content", { content: "  " }],
    ["no parts", { content: [] }],
    ["an unknown part", { content: [{ type: "video" }] }],
    ["an unknown key", { content: "x", color: "red" }],
    ["an unknown effort", { content: "x", reasoning_effort: "utmost" }],
    ["a malformed model id", { content: "x", model_config_id: "gpt" }],
    ["a long title", { content: "x", title: "t".repeat(201) }],
    ["NUL in the repository", { content: "x", repository: "a\0b" }],
    ["51 labels", { content: "x", labels: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`l${n}`, ""])) }],
  ])("refuses %s", async (_name, body) => {
    const member = await api.asMember();
    const answer = await member.post("/chats", body);
    expect([answer.status, answer.body.code]).toEqual([400, "bad_request"]);
    expect(answer.body.validations.length).toBeGreaterThan(0);
  });

  test.each(["model_config_id", "workspace_id", "template_id"])("an unknown %s is unprocessable", async (field) => {
    const member = await api.asMember();
    const answer = await member.post("/chats", { content: "x", [field]: newId() });
    expect([answer.status, answer.body.code]).toEqual([422, "unprocessable"]);
    expect(answer.body.validations[0].field).toBe(field);
    expect((await member.get("/chats")).body).toEqual([]);
  });

  test("a disabled model is unprocessable", async () => {
    const disabled = await insertModelConfig(sql);
    await sql`UPDATE chat_model_configs SET enabled = false WHERE id = ${disabled}`;
    const answer = await (await api.asMember()).post("/chats", { content: "x", model_config_id: disabled });
    expect(answer.status).toBe(422);
  });

  test("another person's workspace is unprocessable", async () => {
    const workspaceId = await insertWorkspace((await api.asMember()).user.id);
    const answer = await (await api.asMember()).post("/chats", { content: "x", workspace_id: workspaceId });
    expect(answer.status).toBe(422);
  });

  test("is closed to strangers", async () => {
    expect((await api.anonymous.post("/chats", { content: "x" })).status).toBe(401);
  });

  describe("with an Idempotency-Key", () => {
    const headers = (key: string) => ({ headers: { "idempotency-key": key } });

    test("repeats the first result", async () => {
      const member = await api.asMember();
      const first = await member.post("/chats", { content: "once", title: "T" }, headers("k1"));
      const again = await member.post("/chats", { title: "T", content: "once" }, headers("k1"));
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.body.id).toBe(first.body.id);
      expect((await member.get("/chats")).body).toHaveLength(1);
      const other = await (await api.asMember()).post("/chats", { content: "once", title: "T" }, headers("k1"));
      expect(other.body.id).not.toBe(first.body.id);
    });

    test("makes one chat when two requests arrive at once", async () => {
      const member = await api.asMember();
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => member.post("/chats", { content: "once" }, headers("k2"))),
      );
      expect(answers.map((answer) => answer.status)).toEqual(Array(6).fill(201));
      expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
      expect((await member.get("/chats")).body).toHaveLength(1);
    });

    test("is a conflict with another body, and free again after a day", async () => {
      const member = await api.asMember();
      const first = await member.post("/chats", { content: "one" }, headers("k3"));
      const other = await member.post("/chats", { content: "two" }, headers("k3"));
      expect([other.status, other.body.code]).toEqual([409, "conflict"]);
      await sql`UPDATE idempotency_keys SET created_at = now() - interval '25 hours'`;
      const later = await member.post("/chats", { content: "two" }, headers("k3"));
      expect(later.status).toBe(201);
      expect(later.body.id).not.toBe(first.body.id);
    });

    test("keeps nothing of a request that failed", async () => {
      const member = await api.asMember();
      const failed = await member.post("/chats", { content: "x", workspace_id: newId() }, headers("k4"));
      expect(failed.status).toBe(422);
      expect((await member.post("/chats", { content: "x" }, headers("k4"))).status).toBe(201);
    });

    test("refuses an empty or very long key", async () => {
      const member = await api.asMember();
      for (const key of ["", "k".repeat(256)]) {
        expect((await member.post("/chats", { content: "x" }, headers(key))).status).toBe(400);
      }
    });
  });
});

describe("GET /chats", () => {
  test("pages by cursor and offset", async () => {
    const member = await api.asMember();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.unshift(await insertChat(sql, { ownerId: member.user.id }));
    const pageOf = async (query: string) => {
      const answer = await member.get(`/chats?${query}`);
      expect(answer.status).toBe(200);
      return answer.body.map((chat: { id: string }) => ids.indexOf(chat.id));
    };
    expect(await pageOf("")).toEqual([0, 1, 2, 3, 4]);
    expect(await pageOf("limit=2")).toEqual([0, 1]);
    expect(await pageOf(`limit=2&after_id=${ids[1]}`)).toEqual([2, 3]);
    expect(await pageOf(`limit=2&after_id=${ids[4]}`)).toEqual([]);
    expect(await pageOf("limit=2&offset=3")).toEqual([3, 4]);
    expect(await pageOf(`offset=1&after_id=${ids[1]}`)).toEqual([3, 4]);
  });

  test("filters by archived and q", async () => {
    const member = await api.asMember();
    const ownerId = member.user.id;
    await insertChat(sql, { ownerId, title: "active one" });
    await insertChat(sql, { ownerId, title: "archived one", archived: true });
    const titles = async (query: string) =>
      (await member.get(`/chats?${query}`)).body.map((chat: { title: string }) => chat.title).sort();
    expect(await titles("")).toEqual(["active one", "archived one"]);
    expect(await titles("archived=true")).toEqual(["archived one"]);
    expect(await titles("archived=false")).toEqual(["active one"]);
    expect(await titles("q=title:archived")).toEqual(["archived one"]);
    expect(await titles("q=one+has_unread:true")).toEqual([]);
  });

  test.each([
    "limit=0",
    "limit=201",
    "limit=ten",
    "limit=",
    "limit=1&limit=2",
    "offset=-1",
    "after_id=7",
    "archived=maybe",
    "q=owner:me",
    "q=status:sleeping",
    "q=%00",
    "page=2",
  ])("refuses ?%s", async (query) => {
    const answer = await (await api.asMember()).get(`/chats?${query}`);
    expect([answer.status, answer.body.code]).toEqual([400, "bad_request"]);
  });

  test("is one statement a page, whatever is on it", async () => {
    const member = await api.asMember();
    const root = await insertChat(sql, { ownerId: member.user.id });
    await insertChat(sql, { ownerId: member.user.id, rootChatId: root });
    await insertMessage(sql, { chatId: root });
    const statements = vi.spyOn(sql, "unsafe");
    await member.get("/chats?archived=false&q=has_unread:true");
    expect(statements).toHaveBeenCalledTimes(1);
    statements.mockRestore();
  });

  test("refuses a cursor that is unknown or another person's", async () => {
    const member = await api.asMember();
    const foreign = await insertChat(sql, { ownerId: (await api.asMember()).user.id });
    for (const cursor of [newId(), foreign]) {
      const answer = await member.get(`/chats?after_id=${cursor}`);
      expect([answer.status, answer.body.validations[0]?.field]).toEqual([400, "after_id"]);
    }
  });
});

describe("/chats/{id}", () => {
  const paths: [string, string, unknown?][] = [
    ["GET", ""],
    ["PATCH", "", { title: "x" }],
    ["GET", "/messages"],
    ["POST", "/messages", { content: "x" }],
    ["GET", "/prompts"],
    ["GET", "/cost"],
    ["POST", "/read", {}],
    ["POST", "/interrupt"],
    ["POST", "/archive"],
    ["POST", "/unarchive"],
    ["PATCH", "/queue/1", { content: "x" }],
    ["DELETE", "/queue/1"],
    ["POST", "/queue/1/promote"],
  ];

  test.each(paths)(
    "%s %s is the same 404 for strangers, administrators, unknown and malformed ids",
    async (...call) => {
      const [method, path, body] = call;
      const owner = await api.asMember();
      const chat = await createChatAs(owner);
      const answers = [
        await (await api.asMember()).call(method, `/chats/${chat.id}${path}`, { body }),
        await (await api.asAdmin()).call(method, `/chats/${chat.id}${path}`, { body }),
        await owner.call(method, `/chats/${newId()}${path}`, { body }),
        await owner.call(method, `/chats/not-an-id${path}`, { body }),
      ];
      for (const answer of answers) {
        expect(answer.status).toBe(404);
        expect({ ...answer.body, request_id: "" }).toEqual({ ...answers[0]!.body, request_id: "" });
      }
      expect((await api.anonymous.call(method, `/chats/${chat.id}${path}`, { body })).status).toBe(401);
    },
  );

  test("there is no DELETE of a chat", async () => {
    const member = await api.asMember();
    const chat = await createChatAs(member);
    const answer = await member.delete(`/chats/${chat.id}`);
    expect([answer.status, answer.body.code]).toEqual([405, "method_not_allowed"]);
    expect((await member.get(`/chats/${chat.id}`)).body).toMatchObject({ id: chat.id });
  });
});

describe("PATCH /chats/{id}", () => {
  test("changes title, labels and plan mode, and never moves updated_at", async () => {
    const member = await api.asMember();
    const chat = await createChatAs(member, { labels: { old: "1" } });
    const answer = await member.patch(`/chats/${chat.id}`, {
      title: "  Mine  ",
      labels: { new: "2" },
      plan_mode: true,
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      title: "Mine",
      labels: { new: "2" },
      plan_mode: true,
      updated_at: chat.updated_at,
    });
    const [row] = await sql`SELECT title_source FROM chats WHERE id = ${chat.id}`;
    expect(row).toEqual({ title_source: "user" });
    const watch = ["title_change", "summary_change"];
    expect(api.hints.at(-1)).toMatchObject({ chatId: chat.id, version: 0, watch, runnable: false });
    await member.patch(`/chats/${chat.id}`, { title: "Mine" });
    expect(api.hints.at(-1)).toMatchObject({ chatId: chat.id, watch: ["title_change"] });
    const hints = api.hints.length;
    expect((await member.patch(`/chats/${chat.id}`, {})).body).toEqual(answer.body);
    expect(api.hints.length).toBe(hints);
  });

  test("pins to the end, moves, clamps and closes gaps", async () => {
    const member = await api.asMember();
    const ids: string[] = [];
    for (let index = 0; index < 4; index += 1) ids.push(await insertChat(sql, { ownerId: member.user.id }));
    const patch = async (index: number, body: unknown) => {
      const answer = await member.patch(`/chats/${ids[index]}`, body);
      expect(answer.status).toBe(200);
      const { body: chats } = await member.get("/chats");
      return chats.flatMap((chat: { id: string; pinned: boolean; pin_order: number }) =>
        chat.pinned ? [`${ids.indexOf(chat.id)}@${chat.pin_order}`] : [],
      );
    };
    expect(await patch(0, { pinned: true })).toEqual(["0@1"]);
    expect(await patch(1, { pin_order: 1 })).toEqual(["0@1", "1@2"]);
    expect(await patch(2, { pinned: true })).toEqual(["0@1", "1@2", "2@3"]);
    expect(await patch(2, { pin_order: 1 })).toEqual(["2@1", "0@2", "1@3"]);
    expect(await patch(2, { pinned: true })).toEqual(["2@1", "0@2", "1@3"]);
    expect(await patch(2, { pin_order: 99 })).toEqual(["0@1", "1@2", "2@3"]);
    expect(await patch(1, { pinned: false })).toEqual(["0@1", "2@2"]);
    expect(await patch(0, { pin_order: 0 })).toEqual(["2@1"]);
    expect(await patch(3, { pinned: false })).toEqual(["2@1"]);
  });

  test("pins of many chats at once get different places", async () => {
    const member = await api.asMember();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push(await insertChat(sql, { ownerId: member.user.id }));
    await Promise.all(ids.map((id) => member.patch(`/chats/${id}`, { pinned: true })));
    const { body } = await member.get("/chats");
    expect(body.map((chat: { pin_order: number }) => chat.pin_order)).toEqual([1, 2, 3, 4, 5]);
  });

  test("a pin of an archived chat or a subagent is a conflict, and nothing else of the patch is done", async () => {
    const member = await api.asMember();
    const ownerId = member.user.id;
    const archived = await insertChat(sql, { ownerId, archived: true, title: "before" });
    const child = await insertChat(sql, { ownerId, rootChatId: await insertChat(sql, { ownerId }), title: "before" });
    for (const id of [archived, child]) {
      const answer = await member.patch(`/chats/${id}`, { pinned: true, title: "after" });
      expect(answer.status).toBe(409);
      expect((await member.get(`/chats/${id}`)).body).toMatchObject({ title: "before", pinned: false });
    }
    expect((await member.patch(`/chats/${archived}`, { title: "after" })).status).toBe(200);
  });

  test("binds and unbinds a workspace of the caller only", async () => {
    const member = await api.asMember();
    const chatId = await insertChat(sql, { ownerId: member.user.id });
    const own = await insertWorkspace(member.user.id);
    const foreign = await insertWorkspace((await api.asMember()).user.id);
    const bind = (workspaceId: string | null) => member.patch(`/chats/${chatId}`, { workspace_id: workspaceId });
    expect((await bind(own)).body.workspace_id).toBe(own);
    for (const unusable of [foreign, newId()]) expect((await bind(unusable)).status).toBe(422);
    expect((await member.get(`/chats/${chatId}`)).body.workspace_id).toBe(own);
    expect((await bind(null)).body.workspace_id).toBeNull();
  });

  test.each([
    { title: "" },
    { title: "t".repeat(201) },
    { title: "a\0b" },
    { pin_order: -1 },
    { pin_order: 1.5 },
    { pinned: false, pin_order: 2 },
    { labels: { a: 1 } },
    { workspace_id: "mine" },
    { status: "running" },
    [],
  ])("refuses %j", async (body) => {
    const member = await api.asMember();
    const chatId = await insertChat(sql, { ownerId: member.user.id });
    expect((await member.patch(`/chats/${chatId}`, body)).status).toBe(400);
  });
});

test("POST /chats/{id}/read marks everything read, or the last answer unread, and never moves updated_at", async () => {
  const member = await api.asMember();
  const chatId = await insertChat(sql, { ownerId: member.user.id });
  await insertMessage(sql, { chatId });
  await insertMessage(sql, { chatId, role: "tool" });
  const { body: before } = await member.get(`/chats/${chatId}`);
  expect(before.has_unread).toBe(true);
  expect((await member.post(`/chats/${chatId}/read`)).body).toEqual({ ...before, has_unread: false });
  const hints = api.hints.length;
  expect((await member.post(`/chats/${chatId}/read`, {})).body.has_unread).toBe(false);
  expect(api.hints.length).toBe(hints);
  expect((await member.post(`/chats/${chatId}/read`, { unread: true })).body).toEqual(before);
  expect((await member.post(`/chats/${chatId}/read`, { unread: "yes" })).status).toBe(400);
  const empty = await insertChat(sql, { ownerId: member.user.id });
  expect((await member.post(`/chats/${empty}/read`, { unread: true })).body.has_unread).toBe(false);
});

test("GET /chats/{id}/cost sums the whole tree and tells unpriced from free", async () => {
  const member = await api.asMember();
  const ownerId = member.user.id;
  const root = await insertChat(sql, { ownerId });
  const child = await insertChat(sql, { ownerId, rootChatId: root });
  const record = (chatId: string, kind: string, costMicros: number | null) => sql`
    INSERT INTO model_calls (chat_id, root_chat_id, owner_id, kind, provider, model, input_tokens, output_tokens,
      cache_read_tokens, cost_micros)
    VALUES (${chatId}, ${root}, ${ownerId}, ${kind}, 'anthropic', 'm', 10, 5, 2, ${costMicros})`;
  const empty = (await member.get(`/chats/${root}/cost`)).body;
  expect(empty).toMatchObject({
    total_cost_micros: 0,
    message_count: 0,
    unpriced_message_count: 0,
    unpriced_call_count: 0,
    input_tokens: 0,
    output_tokens: 0,
    cache_read_tokens: 0,
    cache_creation_tokens: 0,
  });
  await record(root, "step", 100);
  await record(root, "step", null);
  await record(child, "step", 0);
  await record(root, "title", 7);
  await record(root, "attempt", null);
  for (const id of [root, child]) {
    expect((await member.get(`/chats/${id}/cost`)).body).toMatchObject({
      total_cost_micros: 107,
      message_count: 3,
      unpriced_message_count: 1,
      unpriced_call_count: 2,
      input_tokens: 50,
      output_tokens: 25,
      cache_read_tokens: 10,
      cache_creation_tokens: 0,
    });
  }
});

async function insertWorkspace(ownerId: string): Promise<string> {
  const [id, templateId] = [newId(), newId()];
  await sql`INSERT INTO templates (id, name) VALUES (${templateId}, 'Local')`;
  await sql`INSERT INTO workspaces (id, name, owner_id, template_id) VALUES (${id}, 'w', ${ownerId}, ${templateId})`;
  return id;
}
