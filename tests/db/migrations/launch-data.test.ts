import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readStoredContent } from "@/db/content";
import type { MessageRole } from "@/lib/contract/messages";
import { createTestDatabase } from "../../support/database";

const folder = fileURLToPath(new URL("../../../drizzle/", import.meta.url));
const { sql } = await createTestDatabase({ template: "empty" });

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const OWNER = id(1);
const MODEL = id(3);
const UNPRICED_MODEL = id(4);
const CHAT = { waiting: id(10), running: id(11), failed: id(12), queued: id(13), child: id(14) };

type Entry = { tag: string };
const journal = JSON.parse(await readFile(`${folder}meta/_journal.json`, "utf8")) as { entries: Entry[] };

/** Applies the migrations up to and including the one whose name ends so; each in its own transaction, as releases did. */
let applied = 0;
async function migrateThrough(name: string): Promise<void> {
  for (;;) {
    const entry = journal.entries[applied];
    if (!entry) throw new Error(`No migration is called ${name}.`);
    const text = await readFile(`${folder}${entry.tag}.sql`, "utf8");
    await sql.begin(async (tx) => {
      for (const statement of text.split("--> statement-breakpoint")) await tx.unsafe(statement);
    });
    applied += 1;
    if (entry.tag.endsWith(`_${name}`)) return;
  }
}

async function insertLaunchEraRows(): Promise<void> {
  await sql`INSERT INTO users (id, email, username) VALUES (${OWNER}, 'ada@example.test', 'ada')`;
  await sql`INSERT INTO chat_providers (id, provider, display_name) VALUES (${id(2)}, 'anthropic', 'Anthropic')`;
  const cost = {
    cost: {
      input_price_per_million: "3",
      output_price_per_million: "15",
      cache_read_price_per_million: "0.3",
      cache_write_price_per_million: "3.75",
    },
    temperature: 1,
  };
  await sql`
    INSERT INTO chat_model_configs (id, provider_id, model, display_name, is_default, context_limit, compression_threshold, options)
    VALUES (${MODEL}, ${id(2)}, 'm', 'M', true, 200000, 70, ${JSON.stringify(cost)}::text::jsonb),
           (${UNPRICED_MODEL}, ${id(2)}, 'u', 'U', false, 200000, 70, '{}')`;
  await sql`
    INSERT INTO chats (id, owner_id, workspace_agent_id, last_model_config_id, title, status, root_chat_id, parent_chat_id)
    VALUES (${CHAT.waiting}, ${OWNER}, ${id(99)}, ${MODEL}, 'waits', 'waiting', NULL, NULL),
           (${CHAT.running}, ${OWNER}, NULL, ${MODEL}, 'runs', 'running', NULL, NULL),
           (${CHAT.failed}, ${OWNER}, NULL, ${MODEL}, 'failed', 'error', NULL, NULL),
           (${CHAT.queued}, ${OWNER}, NULL, ${MODEL}, 'queued', 'waiting', NULL, NULL),
           (${CHAT.child}, ${OWNER}, NULL, ${MODEL}, 'child', 'completed', ${CHAT.waiting}, ${CHAT.waiting})`;
  await sql`
    INSERT INTO chat_messages (chat_id, model_config_id, role, visibility, content, compressed,
      input_tokens, output_tokens, reasoning_tokens, cache_read_tokens, cache_creation_tokens)
    VALUES
      (${CHAT.waiting}, NULL, 'system', 'model', '"Be brief."', false, NULL, NULL, NULL, NULL, NULL),
      (${CHAT.waiting}, NULL, 'user', 'both', '"hello"', false, NULL, NULL, NULL, NULL, NULL),
      (${CHAT.waiting}, ${MODEL}, 'assistant', 'both', '[{"type":"text","text":"hi"}]', false, 7, 1, 1, 2, NULL),
      (${CHAT.waiting}, ${MODEL}, 'assistant', 'both', '[]', false, 0, 0, NULL, NULL, NULL),
      (${CHAT.waiting}, ${UNPRICED_MODEL}, 'assistant', 'both', '[]', false, 10, 10, NULL, NULL, NULL),
      (${CHAT.waiting}, NULL, 'tool', 'both', NULL, false, NULL, NULL, NULL, NULL, NULL),
      (${CHAT.waiting}, NULL, 'system', 'both', '"summary"', true, NULL, NULL, NULL, NULL, NULL)`;
  await sql`INSERT INTO chat_queued_messages (chat_id, content) VALUES (${CHAT.queued}, '"first"'), (${CHAT.queued}, '"second"')`;
  await sql`INSERT INTO chat_diff_statuses (chat_id, pull_request_state) VALUES (${CHAT.waiting}, 'open')`;
}

test("launch-era rows survive every step", async () => {
  await migrateThrough("launch");
  await insertLaunchEraRows();

  await migrateThrough("archive_instead_of_delete");
  expect(await sql`SELECT DISTINCT archived FROM chats`).toEqual([{ archived: false }]);

  await migrateThrough("persist_last_error");
  await sql`UPDATE chats SET last_error = 'overloaded' WHERE id = ${CHAT.failed}`;

  await migrateThrough("message_role_enum");
  expect(await sql`SELECT DISTINCT content_version FROM chat_messages`).toEqual([{ content_version: 0 }]);
  const bare = sql`INSERT INTO chat_messages (chat_id, role, content) VALUES (${CHAT.waiting}, 'user', '"x"')`;
  await expect(bare).rejects.toThrow("content_version");

  await migrateThrough("message_cost");
  // 7·3 + 1·15 + 2·0.3 = 36.6 micro-dollars, rounded up once; nothing used is free; no price is unpriced.
  const costs = await sql`SELECT total_cost_micros AS cost FROM chat_messages WHERE role = 'assistant' ORDER BY id`;
  expect(costs.map(({ cost }) => cost)).toEqual([37, 0, null]);

  await migrateThrough("summary_as_user_message");
  const [summary] = await sql`SELECT role, visibility FROM chat_messages WHERE compressed`;
  expect(summary).toEqual({ role: "user", visibility: "model" });

  await migrateThrough("head_branch");
  const [diff] = await sql`SELECT pull_request_title, pull_request_draft, head_branch FROM chat_diff_statuses`;
  expect(diff).toEqual({ pull_request_title: "", pull_request_draft: false, head_branch: null });
});

test("prices and paid calls become records of their own", async () => {
  await migrateThrough("people_and_models");
  const [model] = await sql`
    SELECT options, input_price_per_million::text AS input, cache_read_price_per_million::text AS cache_read
    FROM chat_model_configs WHERE id = ${MODEL}`;
  expect(model).toEqual({ options: { temperature: 1 }, input: "3", cache_read: "0.3" });
  const calls = await sql`SELECT kind, provider, model, root_chat_id, cost_micros FROM model_calls ORDER BY message_id`;
  expect(calls.map(({ model: name, cost_micros }) => [name, cost_micros])).toEqual([
    ["m", 37],
    ["m", 0],
    ["u", null],
  ]);
  expect(calls[0]).toMatchObject({ kind: "step", provider: "anthropic", root_chat_id: CHAT.waiting });
});

test("chats come out in a legal state with a run of their own", async () => {
  await migrateThrough("pull_request_details");
  const chats = await sql`
    SELECT c.id, c.status, c.last_error, r.runnable_since IS NOT NULL AS runnable, r.snapshot_version
    FROM chats c JOIN chat_runs r ON r.chat_id = c.id ORDER BY c.id`;
  expect(chats.map(({ status, runnable }) => [status, runnable])).toEqual([
    ["waiting", false],
    ["pending", true],
    ["error", false],
    ["pending", true],
    ["completed", false],
  ]);
  expect(chats[2]?.last_error).toMatchObject({ kind: "generic", message: "overloaded" });
});

test("the daily roll-up begins with what was recorded", async () => {
  await migrateThrough("cost_days");
  const days = await sql`
    SELECT d.day::text, d.owner_id, d.root_chat_id, d.model_config_id, d.cost_micros, d.call_count, d.message_count,
      d.unpriced_call_count, d.unpriced_message_count, d.input_tokens, d.cache_read_tokens
    FROM cost_days d ORDER BY d.model_config_id`;
  const [{ today } = { today: "" }] = await sql<{ today: string }[]>`SELECT current_date::text AS today`;
  const of = { owner_id: OWNER, root_chat_id: CHAT.waiting };
  expect(days).toEqual([
    {
      ...of,
      day: today,
      model_config_id: MODEL,
      cost_micros: 37,
      call_count: 2,
      message_count: 2,
      unpriced_call_count: 0,
      unpriced_message_count: 0,
      input_tokens: 7,
      cache_read_tokens: 2,
    },
    {
      ...of,
      day: today,
      model_config_id: UNPRICED_MODEL,
      cost_micros: 0,
      call_count: 1,
      message_count: 1,
      unpriced_call_count: 1,
      unpriced_message_count: 1,
      input_tokens: 10,
      cache_read_tokens: 0,
    },
  ]);
});

test("the head of an idle chat's queue is sent, the rest stays queued under its owner", async () => {
  const sent =
    await sql`SELECT role, content, content_version, created_by FROM chat_messages WHERE chat_id = ${CHAT.queued}`;
  expect(sent).toEqual([{ role: "user", content: "first", content_version: 0, created_by: OWNER }]);
  const queue = await sql`SELECT content, delivery, created_by FROM chat_queued_messages`;
  expect(queue).toEqual([{ content: "second", delivery: "queue", created_by: OWNER }]);
});

test("every legacy row can be read", async () => {
  const rows = await sql<{ role: MessageRole; content: unknown; content_version: number }[]>`
    SELECT role, content, content_version FROM chat_messages WHERE chat_id = ${CHAT.waiting} ORDER BY id`;
  const parts = rows.map((row) => readStoredContent({ ...row, contentVersion: row.content_version }));
  expect(parts.slice(0, 3)).toEqual([
    [{ type: "text", text: "Be brief." }],
    [{ type: "text", text: "hello" }],
    [{ type: "text", text: "hi" }],
  ]);
});
