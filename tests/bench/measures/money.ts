/** Costs at 1,000,000 calls of 1,000 people in 30 days, in a database of their own: reading, recording and a big file. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Sql } from "postgres";
import { createDatabase } from "@/db/client";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { CALL_COLUMNS, readCalls } from "@/db/queries/cost-exports";
import { rebuildCostDays } from "@/db/queries/cost-verification";
import { getCostSummary, listCostDays, listUserCosts } from "@/db/queries/costs";
import { getInsights } from "@/db/queries/insights";
import type { ModelCall } from "@/db/queries/model-calls";
import { acquireChats } from "@/lib/chats/acquire";
import { createChat } from "@/lib/chats/create-chat";
import { commitAnswer } from "@/lib/chats/runner-commits";
import type { ChatWriter } from "@/lib/chats/transition";
import { pricingSchema } from "@/lib/contract/models";
import { csvResponse } from "@/lib/csv";
import { createCallRecorder } from "@/lib/daemon/call-recorder";
import { newId } from "@/lib/ids";
import { ADMINISTRATOR, startProduct } from "../../support/product";
import { registerWorker } from "../../support/rows";
import { median, type Row } from "../stats";

const CALLS = 1_000_000;
const PEOPLE = 1_000;
const DAYS = 30;
const FILE_ROWS = 100_000;
const SAMPLES = 30;
const COMMITS = 500;
/** The server plans each statement anew five times, which tells nothing of the hours after that. */
const WARM_COMMITS = 50;
const MAX_FILE_MB = 64;
/** Of each: the engine compiles what is hot while it runs, and takes some hundred pages to have all of it. */
const WARM_PAGES = 75;

export async function measureMoney(): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-bench-money-"));
  try {
    // The first start makes the administrator, who reads the pages.
    const first = await startProduct({ dataDir, env: { LOG_LEVEL: "error" } });
    await first.stop();
    return [...(await measureDatabase(dataDir)), ...(await measurePages(dataDir))];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureDatabase(dataDir: string): Promise<Row[]> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  const folder = fileURLToPath(new URL("../../../drizzle", import.meta.url));
  await migrateDatabase({ address: postgres.address, folder });
  const sql = createSql(postgres.address, { max: 3 });
  try {
    const seeded = await seed(sql);
    const reads = await measureReads(sql, seeded);
    return [...reads, await measureRecording(sql, seeded), await measureFile(sql, seeded)];
  } finally {
    await sql.end();
    await postgres.stop();
  }
}

/** The same figures as whole pages of the product, whole answers to one client, beside a page that reads next to nothing. */
async function measurePages(dataDir: string): Promise<Row[]> {
  const product = await startProduct({ dataDir, env: { LOG_LEVEL: "error" } });
  try {
    const signedIn = await fetch(`${product.url}/api/auth/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: product.url },
      body: JSON.stringify({ email: ADMINISTRATOR.email, password: ADMINISTRATOR.password }),
    });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((each) => each.split(";")[0])
      .join("; ");
    const open = (path: string) => async () => {
      const response = await fetch(product.url + path, { headers: { cookie }, redirect: "error" });
      if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
      await response.text();
    };
    for (let round = 0; round < WARM_PAGES; round++) {
      for (const path of ["/settings/agents", "/agents/analytics", "/admin/usage", "/admin/insights"])
        await open(path)();
    }
    const plain = await milliseconds("a page of settings", 20, open("/settings/agents"));
    const floor = { what: plain.what, value: plain.value };
    const pages = [
      await milliseconds("My usage, of who has 100,000 calls", 20, open("/agents/analytics")),
      await milliseconds("page of administrators' usage", 50, open("/admin/usage")),
      await milliseconds("page of insights", 100, open("/admin/insights")),
    ];
    return pages.map((row) => ({ ...row, floor }));
  } finally {
    await product.stop();
  }
}

type Seeded = { ownerId: string; modelConfigId: string; start: string };

/**
 * An agent a day for each person, past the product, each with two models and at work around the clock: 120,000 rows of
 * roll-up. The administrator has what fills a big file.
 */
async function seed(sql: Sql): Promise<Seeded> {
  const [providerId, modelConfigId] = [newId(), newId()];
  await sql`INSERT INTO chat_providers (id, provider, display_name) VALUES (${providerId}, 'openai', 'Bench')`;
  await sql`INSERT INTO chat_model_configs (id, provider_id, model, display_name, context_limit, compression_threshold)
    SELECT CASE WHEN n = 1 THEN ${modelConfigId}::uuid ELSE gen_random_uuid() END, ${providerId}, 'bench' || n,
      'Bench ' || n, 200000, 70 FROM generate_series(1, 3) n`;
  await sql.begin(async (tx) => {
    await tx`SET LOCAL statement_timeout = 0`;
    // A million references are right by construction.
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`INSERT INTO users (id, email, username)
      SELECT gen_random_uuid(), n || '@example.test', 'person-' || n FROM generate_series(1, ${PEOPLE}::int) n`;
    await tx`INSERT INTO chats (id, owner_id, title, status, last_model_config_id)
      SELECT gen_random_uuid(), u.id, 'Chat ' || n, 'waiting', ${modelConfigId}
      FROM users u, generate_series(1, ${DAYS}::int) n`;
    await tx`INSERT INTO chat_runs (chat_id) SELECT id FROM chats`;
    await tx`
      INSERT INTO model_calls (chat_id, root_chat_id, owner_id, kind, model_config_id, provider, model, input_tokens,
        output_tokens, cache_read_tokens, cache_creation_tokens, cost_micros, created_at)
      SELECT c.id, c.id, c.owner_id, 'step', m.id, 'openai', 'bench', 1000, 200, 5000, 100,
        CASE WHEN n % 50 = 0 THEN NULL ELSE 1234 + n % 1000 END, now() - at.day * interval '1 day' - (n / 7 % 1440 + 1) * interval '1 minute'
      FROM (SELECT n, n / 10 * 9 + n % 10 AS spread FROM generate_series(1, ${CALLS}::int) n) n
      CROSS JOIN LATERAL (
        SELECT CASE WHEN n % 10 = 0 THEN 0 ELSE spread % ${PEOPLE}::int END AS person,
          spread / ${PEOPLE}::int % ${DAYS}::int AS day) at
      JOIN (SELECT id, owner_id, row_number() OVER (ORDER BY owner_id <> (
          SELECT id FROM users WHERE email = ${ADMINISTRATOR.email}), owner_id, id) AS i FROM chats) c
        ON c.i = 1 + at.person * ${DAYS}::int + at.day
      JOIN (SELECT id, row_number() OVER (ORDER BY model) AS i FROM chat_model_configs) m ON m.i = 1 + n / 3 % 2`;
    await tx`INSERT INTO chat_diff_statuses (chat_id, url, pull_request_state, pull_request_created_at,
        pull_request_merged_at)
      SELECT id, 'https://git.example/' || id, 'merged', now() - (i % 60) * interval '1 day',
        now() - (i % 60) * interval '1 day' + interval '3 hours'
      FROM (SELECT id, row_number() OVER (ORDER BY id) AS i FROM chats) c WHERE i % 15 = 0`;
    await rebuildCostDays(tx);
  });
  await sql.unsafe("VACUUM (ANALYZE)");
  const [busiest] = await sql<{ ownerId: string }[]>`
    SELECT owner_id AS "ownerId" FROM model_calls GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`;
  if (!busiest) throw new Error("Nothing was seeded.");
  // As the page asks: whole days.
  const firstDay = new Date(Date.now() - (DAYS - 1) * 86_400_000).toISOString();
  return { ...busiest, modelConfigId, start: `${firstDay.slice(0, 10)}T00:00:00Z` };
}

async function measureReads(sql: Sql, { ownerId, start }: Seeded): Promise<Row[]> {
  const db = createDatabase(sql);
  // In winter days of California begin at eight, UTC: no day is whole, and two thirds of the first are read call by call.
  const zoned = { start: new Date(Date.parse(start) + 8 * 3_600_000).toISOString(), end: null };
  const range = { start, end: null };
  const page = { search: undefined, sort: "-total_cost_micros" as const, limit: 10, offset: 0 };
  const mine = (timeZone: string, days: typeof range) => () =>
    Promise.all([getCostSummary(db, { ownerId, ...days }), listCostDays(db, { ownerId, ...days, timeZone })]);
  return [
    await milliseconds("my summary and chart, 100,000 of 1,000,000 calls", 20, mine("UTC", range)),
    await milliseconds("the same in days of California", 100, mine("America/Los_Angeles", zoned)),
    await milliseconds("administrators' page, 1,000 people", 50, () => listUserCosts(db, { ...page, ...range })),
    await milliseconds("the same in days of California", 100, () => listUserCosts(db, { ...page, ...zoned })),
    await milliseconds("insights, 2,000 pull requests", 100, () => getInsights(db, { days: 30 })),
    await milliseconds("insights of 90 days", 100, () => getInsights(db, { days: 90 })),
  ];
}

async function milliseconds(what: string, max: number, work: () => Promise<unknown>): Promise<Row> {
  await timed(work, SAMPLES);
  const value = median(await timed(work, SAMPLES));
  return { what, value, unit: "ms", floor: null, target: `≤ ${max} ms`, met: value <= max };
}

/** The runner's commit of an answer with and without its call, in turns. Without: no record, no roll-ups. */
async function measureRecording(sql: Sql, { ownerId, modelConfigId }: Seeded): Promise<Row> {
  const writer: ChatWriter = { sql, pubsub: { publish: () => {}, subscribe: () => () => {}, close: async () => {} } };
  const { chatId } = await createChat(writer, { ownerId, content: "Go on", modelConfigId });
  const [run] = await acquireChats(writer, { workerId: await registerWorker(sql), limit: 1 });
  const pricing = pricingSchema.parse({ input_price_per_million: "3", output_price_per_million: "15" });
  const recorder = createCallRecorder({ config: { id: modelConfigId, model: "bench", pricing }, provider: "openai" });
  const usage = { input_tokens: 1_000, output_tokens: 200, reasoning_tokens: null };
  const answer = recorder.toAnswer({
    parts: [{ type: "text", text: "x".repeat(500) }],
    usage: { ...usage, cache_read_tokens: 5_000, cache_creation_tokens: 100 },
    runtimeMs: 1_000,
  });
  const commit = (call: ModelCall | null) =>
    commitAnswer(writer, { chatId, fence: { runnerId: run?.runnerId ?? "" }, answer: { ...answer, call } });
  const [bare, recorded]: [number[], number[]] = [[], []];
  for (let round = -WARM_COMMITS; round < COMMITS; round++) {
    // Which comes first alternates: what a commit leaves to do is met by the next one.
    const kinds = [[bare, null] as const, [recorded, answer.call] as const];
    for (const [durations, call] of round % 2 === 0 ? kinds : kinds.reverse()) {
      const [duration = 0] = await timed(() => commit(call), 1);
      if (round >= 0) durations.push(duration);
    }
  }
  const [value, floor] = [median(recorded), median(bare)];
  return {
    what: "commit of a step with its call",
    value,
    unit: "ms",
    floor: { what: "without", value: floor },
    target: "≤ 1.15 ×",
    met: value / floor <= 1.15,
  };
}

/** Above what was held before, looked at after every chunk. */
async function measureFile(sql: Sql, { ownerId }: Seeded): Promise<Row> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const rows = readCalls(sql, { ownerId, start: new Date(0).toISOString(), end: null });
  const { body } = csvResponse({ name: "calls", columns: CALL_COLUMNS, rows, signal: new AbortController().signal });
  if (!body) throw new Error("A file has a body.");
  let [lines, peak] = [0, before];
  for await (const chunk of body) {
    for (const byte of chunk) if (byte === 10) lines += 1;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  const value = (peak - before) / 1024 ** 2;
  return {
    what: `CSV of ${(lines - 1).toLocaleString("en-US")} calls, memory above the start`,
    value,
    unit: "MB",
    floor: null,
    target: `≤ ${MAX_FILE_MB} MB`,
    met: value <= MAX_FILE_MB && lines > FILE_ROWS,
  };
}

async function timed(work: () => Promise<unknown>, times: number): Promise<number[]> {
  const durations: number[] = [];
  for (let sample = 0; sample < times; sample++) {
    const start = performance.now();
    await work();
    durations.push(performance.now() - start);
  }
  return durations;
}
