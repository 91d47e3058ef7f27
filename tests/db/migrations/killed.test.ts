import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { migrateDatabase } from "@/db/migrate";
import { bundleOptions } from "@/lib/server/build.mjs";
import { createCuttingProxy } from "../../support/cutting-proxy";
import { createTestDatabase } from "../../support/database";
import { createTemporaryDirectory } from "../../support/temporary-directory";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = fileURLToPath(new URL("../../../drizzle", import.meta.url));
const { entries } = JSON.parse(await readFile(`${folder}/meta/_journal.json`, "utf8")) as {
  entries: { when: number }[];
};
const launch = entries[0]?.when ?? 0;
const { address, sql } = await createTestDatabase({ template: "empty" });
const proxy = await createCuttingProxy(address);
const directory = await createTemporaryDirectory();
const program = join(directory, "migrate.mjs");
const { entryPoints: _none, ...common } = bundleOptions(root, "", "");
await build({
  ...common,
  outfile: program,
  // On its own: it lies where no package is found.
  external: [],
  stdin: {
    contents: `import { workerData } from "node:worker_threads";
      import { migrateDatabase } from "@/db/migrate";
      await migrateDatabase(workerData);`,
    resolveDir: root,
  },
} as Parameters<typeof build>[0]);

/** A process that migrates and is gone the moment its line is cut. */
async function migrateUntilCut(): Promise<"done" | "killed"> {
  const worker = new Worker(program, { workerData: { address: proxy.address, folder } });
  // Whatever it says while its line is cut is of no interest.
  worker.on("error", () => undefined);
  const outcome = await Promise.race([
    once(worker, "exit").then(() => "done" as const),
    proxy.cut().then(() => "killed" as const),
  ]);
  await worker.terminate();
  return outcome;
}

/** Each takes a third of a second. `EVERY_STATEMENT=1` tries them all, in about a minute. */
const STRIDE = process.env.EVERY_STATEMENT ? 1 : 7;
const USER = "00000000-0000-4000-8000-000000000001";

const migrationsDone = async () =>
  (await sql<{ count: number }[]>`SELECT count(*)::int AS count FROM drizzle.__drizzle_migrations`)[0]?.count;
const isAlone = async () =>
  (
    await sql`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid IN (
    SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1)`
  ).length === 0;
const isOldShape = async () =>
  (
    await sql`SELECT 1 FROM pg_attribute WHERE attrelid = 'chats'::regclass AND attname = 'heartbeat_at' AND NOT attisdropped`
  ).length === 1;

test("killed at any statement of the chain, the database is as before or done, and the next start completes it", {
  timeout: 180_000,
}, async () => {
  await migrateDatabase({ address, folder, through: launch });
  await sql`INSERT INTO users (id, email, username) VALUES (${USER}, 'ada@example.test', 'ada')`;
  let cuts = 0;
  for (let n = 1 + (entries.length % STRIDE); (await migrationsDone()) === 1; n += STRIDE) {
    proxy.cutAt(n);
    const outcome = await migrateUntilCut();
    if (outcome === "killed") cuts += 1;
    // Its session may still be ending.
    await expect.poll(isAlone, { timeout: 10_000, interval: 5 }).toBe(true);
    const done = await migrationsDone();
    expect(done === 1 || done === entries.length, `after a cut at statement ${n}: ${done} migrations`).toBe(true);
    expect(await isOldShape()).toBe(done === 1);
    expect(await sql`SELECT username FROM users`).toEqual([{ username: "ada" }]);
  }
  expect(cuts).toBeGreaterThan(150 / STRIDE);
  proxy.cutAt(Number.POSITIVE_INFINITY);
  await migrateDatabase({ address, folder });
  expect(await migrationsDone()).toBe(entries.length);
});
