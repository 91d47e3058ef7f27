/**
 * `npm run bench`: the product and its floors in one run, printed as a table; `npm run bench -- lists` only that group.
 * Exit code 1 when a target is missed.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { ADMINISTRATOR, startProduct } from "../support/product";
import { createClient } from "./client";
import { measureChatPage } from "./measures/chat/chat-page";
import { measureEngine } from "./measures/engine/engine";
import { measureExecute } from "./measures/execute";
import { measureGit } from "./measures/git";
import { measureGitPanel } from "./measures/git-panel";
import { measureInsert } from "./measures/insert";
import { measureLists } from "./measures/lists";
import { measureMemory } from "./measures/memory";
import { measureMoney } from "./measures/money";
import { measureTakeover } from "./measures/takeover";
import { measureBareTurns, measureModel, measureThroughput, measureTurn } from "./measures/turns";
import { findServer } from "./processes";
import { formatTable, type Row } from "./stats";

/** What can be measured alone. */
const GROUPS: Record<string, () => Promise<Row[]>> = {
  product: measureProduct,
  engine: () => measureEngine({ modelUrl, stampedUrl }),
  takeover: measureTakeover,
  lists: measureLists,
  chat: measureChatPage,
  money: measureMoney,
  git: async () => [...(await measureGit()), ...(await measureGitPanel())],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in GROUPS));
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(", ")}. The groups are ${Object.keys(GROUPS).join(", ")}.`);
  process.exit(2);
}

const dataDir = await mkdtemp(join(tmpdir(), "slipway-bench-"));
const model = fork(fileURLToPath(new URL("./model.ts", import.meta.url)));
const [[modelUrl, stampedUrl]] = (await once(model, "message")) as [[string, string]];
const rows: Row[] = [];
try {
  for (const [name, measure] of Object.entries(GROUPS)) {
    if (wanted.length === 0 || wanted.includes(name)) rows.push(...(await measure()));
  }
} finally {
  model.kill();
  await rm(dataDir, { recursive: true, force: true });
}
console.log(formatTable(rows));
process.exit(rows.every((row) => row.met) ? 0 : 1);

async function measureProduct(): Promise<Row[]> {
  const env = { OPENAI_API_KEY: "bench", OPENAI_BASE_URL: `${modelUrl}/v1`, LOG_LEVEL: "error" };
  const first = await startProduct({ dataDir, env });
  await first.stop();
  const startedAt = performance.now();
  const product = await startProduct({ dataDir, env });
  const startMs = performance.now() - startedAt;
  const client = createClient({ url: product.url, token: ADMINISTRATOR.token });
  try {
    const serverPid = findServer(product.pid);
    const openPage = async () => void (await fetch(`${product.url}/sign-in`).then((response) => response.text()));
    const memory = await measureMemory(client, { serverPid, openPage });
    const floor = await measureModel(modelUrl);
    const insert = await measureInDatabase();
    return [
      ...(await measureTurn(client, { ...floor, insertMs: insert.insertMs })),
      ...(await measureExecute(client)),
      ...(await measureThroughput(client, insert.bareTurns)),
      ...memory,
      ...insert.rows,
      {
        what: "built tree to ready, existing data",
        value: startMs,
        unit: "ms",
        floor: null,
        target: "≤ 3,000 ms",
        met: startMs <= 3_000,
      },
    ];
  } finally {
    client.close();
    await product.stop();
  }
}

/** A server of its own, as durable as the product's. */
async function measureInDatabase(): Promise<{ rows: Row[]; insertMs: number; bareTurns: number }> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-bench-db-"));
  const postgres = await startEmbeddedPostgres({ dataDir: directory });
  try {
    await migrateDatabase({
      address: postgres.address,
      folder: fileURLToPath(new URL("../../drizzle", import.meta.url)),
    });
    const sql = createSql(postgres.address, { max: 1 });
    const { rows, raw, insertMs } = await measureInsert(sql);
    const pool = createSql(postgres.address);
    const bareTurns = await measureBareTurns(modelUrl, () => raw(pool));
    await Promise.all([sql.end(), pool.end()]);
    return { rows, insertMs, bareTurns };
  } finally {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
