import { sql as fragment } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { createDatabase } from "@/db/client";
import { createSql } from "@/db/connect";
import { findChat, findChats, isChatOf, isRootOf, type ListChats, listChats, listChatsSql } from "@/db/queries/chats";
import { parseChatFilter } from "@/lib/contract/chat-filter";
import { chatSchema } from "@/lib/contract/chats";
import { newId } from "@/lib/ids";
import { createTestDatabase } from "../support/database";
import { insertChat, insertMessage, insertUser } from "../support/rows";

const { sql, db, address } = await createTestDatabase();

const titles = async (options: ListChats) => (await listChats(db, options)).map((chat) => chat.title);

function filterOf(text: string) {
  const parsed = parseChatFilter(text);
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed.filter;
}

describe("listChats", () => {
  test("orders pinned chats by pin_order, then the others by updated_at and id descending", async () => {
    const ownerId = await insertUser(sql);
    await insertChat(sql, { ownerId, title: "old", updatedAt: "2026-01-01T00:00:00Z" });
    await insertChat(sql, { ownerId, title: "new", updatedAt: "2026-03-01T00:00:00Z" });
    await insertChat(sql, { ownerId, title: "pinned 2", pinOrder: 2, updatedAt: "2026-04-01T00:00:00Z" });
    await insertChat(sql, { ownerId, title: "pinned 1", pinOrder: 1, updatedAt: "2025-01-01T00:00:00Z" });
    expect(await titles({ ownerId, limit: 50 })).toEqual(["pinned 1", "pinned 2", "new", "old"]);
  });

  test("never calls a root stuck, however long it waits for a person or works on a step", async () => {
    const ownerId = await insertUser(sql);
    for (const status of ["paused", "running"] as const) {
      const rootChatId = await insertChat(sql, { ownerId, status });
      await insertChat(sql, { ownerId, rootChatId, status: "running" });
    }
    await sql`UPDATE chat_runs SET last_step_at = now() - interval '1 day'
      WHERE chat_id IN (SELECT id FROM chats WHERE owner_id = ${ownerId})`;
    const chats = await listChats(db, { ownerId, limit: 50 });
    expect(chats.map(({ stuck, children }) => [stuck, children[0]?.stuck])).toEqual([
      [false, true],
      [false, true],
    ]);
  });

  test("shows nobody else's chats", async () => {
    const ownerId = await insertUser(sql);
    const stranger = await insertUser(sql);
    const chatId = await insertChat(sql, { ownerId });
    expect(await listChats(db, { ownerId: stranger, limit: 50 })).toEqual([]);
    expect(await findChat(db, { chatId, ownerId: stranger })).toBeUndefined();
    expect(await isChatOf(db, { chatId, ownerId: stranger })).toBe(false);
    expect(await isChatOf(db, { chatId, ownerId })).toBe(true);
  });

  test("is what the contract says, with children nested and never listed as roots", async () => {
    const ownerId = await insertUser(sql, { username: "nester" });
    const root = await insertChat(sql, { ownerId, title: "root" });
    const first = await insertChat(sql, { ownerId, rootChatId: root, createdAt: "2026-01-01T00:00:00Z" });
    const second = await insertChat(sql, { ownerId, rootChatId: root, createdAt: "2026-01-02T00:00:00Z" });
    const [chat, ...others] = await listChats(db, { ownerId, limit: 50 });
    expect(others).toEqual([]);
    expect(chatSchema.parse(chat)).toEqual(chat);
    expect(chat?.owner_username).toBe("nester");
    expect(chat?.root_chat_id).toBeNull();
    expect(chat?.children.map((child) => child.id)).toEqual([first, second]);
    expect(chat?.children[0]).toMatchObject({ root_chat_id: root, parent_chat_id: root, children: [] });
  });

  test("cuts a title that is longer than the contract takes one", async () => {
    const ownerId = await insertUser(sql);
    await insertChat(sql, { ownerId, title: "\u{1F680}".repeat(10_000) });
    const [chat] = await listChats(db, { ownerId, limit: 50 });
    expect(chat?.title).toBe("\u{1F680}".repeat(200));
  });

  test("walks every chat once by cursor, through pins, equal times and microseconds", async () => {
    const ownerId = await insertUser(sql);
    const ids: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      ids.push(await insertChat(sql, { ownerId, pinOrder: 1 + Math.floor(index / 2) }));
    }
    for (let index = 0; index < 30; index += 1) {
      const micros = String(100_000 + Math.floor(index / 3)).slice(-6);
      ids.push(await insertChat(sql, { ownerId, updatedAt: `2026-02-01T00:00:00.${micros}Z` }));
    }
    const whole = (await listChats(db, { ownerId, limit: 200 })).map((chat) => chat.id);
    expect([...whole].sort()).toEqual([...ids].sort());
    for (const limit of [1, 3, 4, 7, 10]) {
      const walked: string[] = [];
      for (;;) {
        const page = await listChats(db, { ownerId, limit, afterId: walked.at(-1) });
        if (page.length === 0) break;
        walked.push(...page.map((chat) => chat.id));
      }
      expect(walked).toEqual(whole);
    }
    expect((await listChats(db, { ownerId, limit: 5, offset: 6 })).map((chat) => chat.id)).toEqual(whole.slice(6, 11));
  });

  test("skips no chat when another row moves up between two pages", async () => {
    const ownerId = await insertUser(sql);
    const ids = [];
    for (let day = 1; day <= 6; day += 1) {
      ids.push(await insertChat(sql, { ownerId, updatedAt: `2026-02-0${day}T00:00:00Z` }));
    }
    const first = await listChats(db, { ownerId, limit: 2 });
    await sql`UPDATE chats SET updated_at = now() WHERE id = ${ids[1]!}`;
    const second = await listChats(db, { ownerId, limit: 10, afterId: first.at(-1)!.id });
    expect(second.map((chat) => chat.id)).toEqual([ids[3], ids[2], ids[0]]);
  });

  test("repeats rather than skips when the cursor itself moves up", async () => {
    const ownerId = await insertUser(sql);
    const ids = [];
    for (let day = 1; day <= 4; day += 1) {
      ids.push(await insertChat(sql, { ownerId, updatedAt: `2026-02-0${day}T00:00:00Z` }));
    }
    const cursor = ids[2]!;
    await sql`UPDATE chats SET updated_at = now() WHERE id = ${cursor}`;
    const next = await listChats(db, { ownerId, limit: 10, afterId: cursor });
    expect(next.map((chat) => chat.id)).toEqual([ids[3], ids[1], ids[0]]);
  });

  test("a cursor that is a child, foreign or unknown is no root of the owner", async () => {
    const ownerId = await insertUser(sql);
    const root = await insertChat(sql, { ownerId });
    const child = await insertChat(sql, { ownerId, rootChatId: root });
    const foreign = await insertChat(sql, { ownerId: await insertUser(sql) });
    for (const chatId of [child, foreign, newId()]) {
      expect(await listChats(db, { ownerId, limit: 10, afterId: chatId })).toEqual([]);
      expect(await isRootOf(db, { chatId, ownerId })).toBe(false);
    }
    expect(await isRootOf(db, { chatId: root, ownerId })).toBe(true);
  });

  test("archived is three-way, for children too", async () => {
    const ownerId = await insertUser(sql);
    const active = await insertChat(sql, { ownerId, title: "active" });
    await insertChat(sql, { ownerId, title: "archived child", rootChatId: active, archived: true });
    await insertChat(sql, { ownerId, title: "gone", archived: true });
    const all = await listChats(db, { ownerId, limit: 10 });
    expect(all.map((chat) => [chat.title, chat.archived]).sort()).toEqual([
      ["active", false],
      ["gone", true],
    ]);
    expect(all.find((chat) => chat.id === active)?.children).toHaveLength(1);
    const [kept, ...others] = await listChats(db, { ownerId, limit: 10, archived: false });
    expect([kept?.title, kept?.children, others]).toEqual(["active", [], []]);
    expect(await titles({ ownerId, limit: 10, archived: true })).toEqual(["gone"]);
  });

  test("has_unread is an assistant row above the read mark that a person sees", async () => {
    const ownerId = await insertUser(sql);
    const chatId = await insertChat(sql, { ownerId });
    const unread = async () => (await findChat(db, { chatId, ownerId }))?.has_unread;
    await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
    await insertMessage(sql, { chatId, role: "assistant", visibility: "model" });
    await insertMessage(sql, { chatId, role: "assistant", deleted: true });
    expect(await unread()).toBe(false);
    const messageId = await insertMessage(sql, { chatId, role: "assistant" });
    expect(await unread()).toBe(true);
    await sql`UPDATE chats SET last_read_message_id = ${messageId} WHERE id = ${chatId}`;
    expect(await unread()).toBe(false);
  });

  test("joins the pull request", async () => {
    const ownerId = await insertUser(sql);
    const chatId = await insertChat(sql, { ownerId });
    await sql`INSERT INTO chat_diff_statuses (chat_id, url, pull_request_state, pull_request_title, pr_number, head_branch,
      additions, refreshed_at) VALUES (${chatId}, 'https://example.com/pr/7', 'open', 'Fix', 7, 'fix/it', 12, now())`;
    const [chat] = await listChats(db, { ownerId, limit: 1 });
    expect(chatSchema.parse(chat).diff_status).toMatchObject({
      pull_request_state: "open",
      pull_request_title: "Fix",
      pull_request_draft: false,
      pr_number: 7,
      head_branch: "fix/it",
      git_branch: null,
      additions: 12,
      refreshed_at: expect.stringMatching(/Z$/),
    });
  });
});

test("findChats is planned once a connection, however many chats are asked for", async () => {
  const one = createSql(address, { max: 1 });
  const ownerId = await insertUser(sql);
  const ids = [await insertChat(sql, { ownerId }), await insertChat(sql, { ownerId })];
  for (let round = 0; round < 20; round += 1) {
    await findChats(createDatabase(one), { chatIds: ids.slice(round % 2), ownerId });
  }
  const plans = await one`SELECT generic_plans::int AS kept FROM pg_prepared_statements
    WHERE statement LIKE '%WITH ORDINALITY AS wanted%' AND statement NOT LIKE '%pg_prepared_statements%'`;
  await one.end();
  expect(plans).toEqual([{ kept: 15 }]);
});

test("findChats keeps the order asked for and leaves out what is not the owner's", async () => {
  const ownerId = await insertUser(sql);
  const ids = [await insertChat(sql, { ownerId }), await insertChat(sql, { ownerId })];
  const foreign = await insertChat(sql, { ownerId: await insertUser(sql) });
  const chats = await findChats(db, { chatIds: [ids[1]!, foreign, newId(), ids[0]!], ownerId });
  expect(chats.map((chat) => chat.id)).toEqual([ids[1], ids[0]]);
  expect(await findChats(db, { chatIds: [], ownerId })).toEqual([]);
});

describe("the filter", async () => {
  const ownerId = await insertUser(sql);
  const flaky = await insertChat(sql, {
    ownerId,
    title: "Fix flaky 100% test",
    status: "running",
    labels: { team: "core", area: "ci" },
    repository: "https://example.com/acme/parser.git",
  });
  await insertMessage(sql, { chatId: flaky });
  const docs = await insertChat(sql, { ownerId, title: "Write docs", status: "error", labels: { team: "web" } });
  const draft = await insertChat(sql, { ownerId, title: "Draft", status: "waiting" });
  for (const [chatId, state, isDraft] of [
    [docs, "merged", false],
    [draft, "open", true],
  ] as const) {
    await sql`INSERT INTO chat_diff_statuses (chat_id, pull_request_state, pull_request_draft, url)
      VALUES (${chatId}, ${state}, ${isDraft}, 'https://example.com/acme/site/pull/1')`;
  }

  test.each([
    ["flaky", ["Fix flaky 100% test"]],
    ["FLAKY fix", ["Fix flaky 100% test"]],
    ['"100% test"', ["Fix flaky 100% test"]],
    ["title:docs", ["Write docs"]],
    ["status:running,error", ["Fix flaky 100% test", "Write docs"]],
    ["status:running status:waiting", ["Draft", "Fix flaky 100% test"]],
    ["pr_status:none", ["Fix flaky 100% test"]],
    ["pr_status:draft", ["Draft"]],
    ["pr_status:open", []],
    ["pr_status:merged status:error", ["Write docs"]],
    ["has_unread:true", ["Fix flaky 100% test"]],
    ["has_unread:false", ["Draft", "Write docs"]],
    ["label:team=core label:area=ci", ["Fix flaky 100% test"]],
    ["label:team", ["Fix flaky 100% test", "Write docs"]],
    ["label:team=core label:team=web", []],
    ["repo:acme/parser", ["Fix flaky 100% test"]],
    ["repo:acme/site", ["Draft", "Write docs"]],
    ["_", []],
  ])("%s", async (text, expected) => {
    expect((await titles({ ownerId, limit: 50, filter: filterOf(text) })).sort()).toEqual(expected);
  });
});

describe("at a few thousand chats, a page reads its index and not the table:", async () => {
  const ownerId = await insertUser(sql);
  await sql`INSERT INTO chats (id, owner_id, title, status, updated_at, pin_order)
    SELECT gen_random_uuid(), ${ownerId}, 'chat ' || n, 'waiting', now() - n * interval '1 minute',
      CASE WHEN n % 400 = 0 THEN n / 400 ELSE 0 END
    FROM generate_series(1, 4000) n`;
  await sql`INSERT INTO chats (id, owner_id, title, status, parent_chat_id, root_chat_id, updated_at)
    SELECT gen_random_uuid(), owner_id, 'child', 'completed', id, id, updated_at FROM chats WHERE title LIKE 'chat %0'`;
  await sql`INSERT INTO chat_runs (chat_id) SELECT id FROM chats ON CONFLICT DO NOTHING`;
  await sql`INSERT INTO chat_messages (chat_id, role, content, content_version)
    SELECT c.id, 'assistant', '[]', 1 FROM chats c, generate_series(1, 5) WHERE c.owner_id = ${ownerId}`;
  await sql`ANALYZE`;
  const [deep] = await sql<{ id: string }[]>`
    SELECT id FROM chats WHERE owner_id = ${ownerId} AND root_chat_id IS NULL AND pin_order = 0
    ORDER BY updated_at DESC, id DESC OFFSET 3000 LIMIT 1`;
  const [pinned] = await sql<{ id: string }[]>`SELECT id FROM chats WHERE owner_id = ${ownerId} AND pin_order = 4`;

  test.each([
    ["page one", undefined],
    ["a deep page", deep?.id],
    ["a page after a pinned chat", pinned?.id],
  ])("%s", async (_name, afterId) => {
    const statement = listChatsSql({ ownerId, limit: 50, afterId, archived: false });
    const rows = await db.execute<{ "QUERY PLAN": string }>(fragment`EXPLAIN (ANALYZE, BUFFERS OFF) ${statement}`);
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toContain("chats_owner_id_updated_at_id");
    expect(plan).not.toMatch(/Seq Scan on (chats|chat_messages|chat_runs)/);
    if (afterId !== deep?.id) expect(plan).toContain("chats_owner_id_pinned");
    // Nothing reads more than a small multiple of the page.
    const counts = [...plan.matchAll(/actual time=\S+ rows=([\d.]+)/g)].map((match) => Number(match[1]));
    const skipped = [...plan.matchAll(/Rows Removed by Filter: (\d+)/g)].map((match) => Number(match[1]));
    expect(Math.max(...counts, ...skipped)).toBeLessThan(250);
  });
});
