import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createSql } from "@/db/connect";
import { reasonInLog, startEmbeddedPostgres } from "@/db/embedded";
import { createTemporaryDirectory } from "../support/temporary-directory";

const base = await createTemporaryDirectory();

test("a path with spaces and of great length works, and the data is there again", async () => {
  const dataDir = join(base, "a path with spaces", "deep ".repeat(30).trim(), "data");
  const first = await startEmbeddedPostgres({ dataDir });
  const sql = createSql(first.address, { max: 1 });
  await sql`CREATE TABLE kept (value text)`;
  await sql`INSERT INTO kept VALUES ('here')`;
  await sql.end();
  await first.stop();
  const second = await startEmbeddedPostgres({ dataDir });
  const again = createSql(second.address, { max: 1 });
  expect(await again`SELECT value FROM kept`).toEqual([{ value: "here" }]);
  await again.end();
  await second.stop();
});

test("one supervisor holds a data directory, and the server has no TCP port", async () => {
  const dataDir = join(base, "held");
  const postgres = await startEmbeddedPostgres({ dataDir, volatile: true });
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/Another Slipway \(process \d+\) uses/);
  const sql = createSql(postgres.address, { max: 1 });
  expect(await sql`SELECT current_setting('listen_addresses') AS addresses`).toEqual([{ addresses: "" }]);
  await sql.end();
  await postgres.stop();
});

test("a server that is killed is started again, with everything committed", async () => {
  const dataDir = join(base, "killed");
  const postgres = await startEmbeddedPostgres({ dataDir });
  const sql = createSql(postgres.address, { max: 1 });
  await sql`CREATE TABLE kept (value text)`;
  await sql`INSERT INTO kept VALUES ('committed')`;
  const pid = Number((await readFile(join(dataDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);
  process.kill(pid, "SIGKILL");
  const deadline = Date.now() + 15_000;
  let rows: unknown[] = [];
  while (rows.length === 0 && Date.now() < deadline) {
    rows = await sql`SELECT value FROM kept WHERE pg_backend_pid() > 0`.catch(() => []);
    if (rows.length === 0) await delay(50);
  }
  expect(rows).toEqual([{ value: "committed" }]);
  await sql.end();
  await postgres.stop();
});

test("a server that finds the memory of a killed one in use is tried again, although others speak after it", () => {
  const log = [
    "2026-11-27 13:29:02.437 UTC [30960] FATAL:  terminating connection due to unexpected postmaster exit",
    "2026-11-27 13:29:02.438 UTC [30982] FATAL:  pre-existing shared memory block (key 2773847, ID 1146913) is still in use",
    '2026-11-27 13:29:02.438 UTC [30982] HINT:  Terminate any old server processes associated with data directory "/data".',
    "2026-11-27 13:29:02.440 UTC [30941] FATAL:  terminating connection due to unexpected postmaster exit",
    "",
  ];
  expect(reasonInLog(log.join("\n"))).toMatch(/^pre-existing shared memory block/);
});

test("a data directory of another major is refused and left alone", async () => {
  const dataDir = join(base, "killed");
  await writeFile(join(dataDir, "postgres/PG_VERSION"), "17\n");
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/belongs to PostgreSQL 17.*brings PostgreSQL 18/);
});
