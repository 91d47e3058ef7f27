/** Lists at 100,000 chats and 1,000,000 messages, in a database of their own, and the product's start on it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createDatabase } from "@/db/client";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { listChats } from "@/db/queries/chats";
import { listMessages } from "@/db/queries/messages";
import { insertToken } from "@/db/queries/tokens";
import { seedDatabase } from "@/db/seed";
import { LARGE, largeChatId } from "@/db/seed-large";
import { newId, newSecret, sha256 } from "@/lib/ids";
import { startProduct } from "../../support/product";
import { createClient } from "../client";
import { median, type Row } from "../stats";

const PAGE = 50;
const DEEP_PAGE = 1_000;
const ROUNDS = 7;
const SAMPLES = 30;
const STARTS = 3;
const MAX_MS = 10;
const MAX_RATIO = 1.2;

type Seeded = { ownerId: string; token: string; cursor: string };

export async function measureLists(): Promise<Row[]> {
  const large = await mkdtemp(join(tmpdir(), "slipway-bench-large-"));
  const empty = await mkdtemp(join(tmpdir(), "slipway-bench-empty-"));
  try {
    const { rows, seeded } = await measureStatements(large);
    return [...rows, ...(await measureProduct({ large, empty, seeded }))];
  } finally {
    await rm(large, { recursive: true, force: true });
    await rm(empty, { recursive: true, force: true });
  }
}

/** The queries alone, against the bare rows of the same pages. */
async function measureStatements(dataDir: string): Promise<{ rows: Row[]; seeded: Seeded }> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  const folder = fileURLToPath(new URL("../../../drizzle", import.meta.url));
  await migrateDatabase({ address: postgres.address, folder });
  const sql = createSql(postgres.address, { max: 1 });
  try {
    await seedDatabase(sql, { force: false, large: LARGE });
    const db = createDatabase(sql);
    const [owner] = await sql<{ id: string }[]>`SELECT id FROM users`;
    const ownerId = owner?.id as string;
    const list = { ownerId, limit: PAGE, archived: false };
    const [last] = await listChats(db, { ...list, limit: 1, offset: (DEEP_PAGE - 1) * PAGE - 1 });
    const cursor = last?.id as string;
    const chatId = largeChatId(1);
    const measured = await interleave({
      first: () => listChats(db, list),
      deep: () => listChats(db, { ...list, afterId: cursor }),
      offset: () => listChats(db, { ...list, offset: 10 * PAGE }),
      newest: () => listMessages(db, { chatId, ownerId, limit: PAGE }),
      bareChats: () => sql`SELECT * FROM chats WHERE owner_id = ${ownerId} ORDER BY updated_at DESC, id DESC LIMIT 50`,
      bareMessages: () => sql`SELECT * FROM chat_messages WHERE chat_id = ${chatId} ORDER BY id DESC LIMIT 50`,
    });
    const token = newSecret("slp_");
    const scopes = null;
    await insertToken(db, {
      id: newId(),
      userId: ownerId,
      name: "bench",
      tokenHash: sha256(token),
      scopes,
      expiresInDays: 1,
    });
    const chats = { what: "its 50 bare rows", value: measured.bareChats };
    return {
      seeded: { ownerId, token, cursor },
      rows: [
        milliseconds("list of 100,000 chats, page 1", measured.first, chats),
        milliseconds("list of 100,000 chats, page 1,000 by cursor", measured.deep, chats),
        ratio("page 1,000 by cursor to page 1", measured.deep / measured.first),
        milliseconds("list of 100,000 chats, page 11 by offset", measured.offset, chats),
        milliseconds("newest 50 of 100,000 messages", measured.newest, {
          what: "its 50 bare rows",
          value: measured.bareMessages,
        }),
      ],
    };
  } finally {
    await sql.end();
    await postgres.stop();
  }
}

/** The same lists over HTTP, and how long the product takes to be ready on this data and on none. */
async function measureProduct(options: { large: string; empty: string; seeded: Seeded }): Promise<Row[]> {
  const { large, empty, seeded } = options;
  const started: Record<"large" | "empty", number[]> = { large: [], empty: [] };
  // The first start on an empty directory makes the database.
  await (await startProduct({ dataDir: empty, env: { LOG_LEVEL: "error" } })).stop();
  let rows: Row[] = [];
  for (let round = 0; round < STARTS; round++) {
    for (const [name, dataDir] of [
      ["empty", empty],
      ["large", large],
    ] as const) {
      const start = performance.now();
      const product = await startProduct({ dataDir, env: { LOG_LEVEL: "error" } });
      started[name].push(performance.now() - start);
      if (name === "large" && round === 0) rows = await measureHttp(product.url, seeded);
      await product.stop();
    }
  }
  const [onLarge, onEmpty] = [median(started.large), median(started.empty)];
  return [
    ...rows,
    {
      what: "built tree to ready, 1,000,000 messages",
      value: onLarge,
      unit: "ms",
      floor: { what: "no data", value: onEmpty },
      target: `≤ ${MAX_RATIO} ×`,
      met: onLarge / onEmpty <= MAX_RATIO,
    },
  ];
}

async function measureHttp(url: string, { token, cursor }: Seeded): Promise<Row[]> {
  const client = createClient({ url, token });
  try {
    const path = `/chats?limit=${PAGE}&archived=false`;
    const measured = await interleave({
      first: () => client.call("GET", path),
      deep: () => client.call("GET", `${path}&after_id=${cursor}`),
      newest: () => client.call("GET", `/chats/${largeChatId(1)}/messages?limit=${PAGE}`),
      me: () => client.call("GET", "/users/me"),
    });
    const floor = { what: "GET /users/me", value: measured.me };
    return [
      milliseconds("GET /chats, page 1", measured.first, floor),
      milliseconds("GET /chats, page 1,000 by cursor", measured.deep, floor),
      ratio("GET /chats, page 1,000 to page 1", measured.deep / measured.first),
      milliseconds("GET messages, newest 50 of 100,000", measured.newest, floor),
    ];
  } finally {
    client.close();
  }
}

/** The median milliseconds of each, taken in turns so that a busy moment falls on all of them. */
async function interleave<Name extends string>(
  measures: Record<Name, () => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(measures) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await repeat(measures[name], SAMPLES);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) samples[name].push(...(await repeat(measures[name], SAMPLES)));
  }
  return Object.fromEntries(names.map((name) => [name, median(samples[name])])) as Record<Name, number>;
}

async function repeat(measure: () => Promise<unknown>, times: number): Promise<number[]> {
  const durations: number[] = [];
  for (let sample = 0; sample < times; sample++) {
    const start = performance.now();
    await measure();
    durations.push(performance.now() - start);
  }
  return durations;
}

const milliseconds = (what: string, value: number, floor: Row["floor"]): Row => ({
  what,
  value,
  unit: "ms",
  floor,
  target: `≤ ${MAX_MS} ms`,
  met: value <= MAX_MS,
});

const ratio = (what: string, value: number): Row => ({
  what,
  value,
  unit: "×",
  floor: null,
  target: `≤ ${MAX_RATIO} ×`,
  met: value <= MAX_RATIO,
});
