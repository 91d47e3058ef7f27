import { join } from "node:path";
import type { Sql, TransactionSql } from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { createSql } from "@/db/connect";
import { beginPipelined, sendCommit } from "@/db/pipelined";
import { createTestDatabase, toDatabaseUrl } from "../support/database";
import { startFaultyProxy } from "../support/faulty-proxy";

const { address, sql: admin } = await createTestDatabase();
if (address.kind !== "socket") throw new Error("The test cluster listens on a socket.");
const { user, directory, database } = address;

test.each([toDatabaseUrl(address), `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(directory)}`])(
  "a URL may name a socket's directory (%#)",
  async (url) => {
    const sql = createSql({ kind: "url", url }, { max: 1 });
    expect(await sql`SELECT current_database() AS name`).toEqual([{ name: database }]);
    await sql.end();
  },
);

type Begin = <T>(sql: Sql, work: (tx: TransactionSql) => Promise<T>) => Promise<T>;
const begin: Begin = async (sql, work) => (await sql.begin(work)) as never;
const KINDS: [string, Begin][] = [
  ["a transaction", begin],
  ["a pipelined transaction", beginPipelined],
];

test.each(KINDS)(
  "%s that loses its connection fails whole, and nothing of it reaches the connection's next session",
  async (_, begin) => {
    const pool = createSql(address, { max: 2 });
    onTestFinished(() => pool.end({ timeout: 1 }));
    await pool`CREATE TABLE IF NOT EXISTS kept (id int)`;
    for (let round = 0; round < 20; round += 1) {
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<number>();
      let late: Promise<unknown> | undefined;
      const lost = begin(pool, async (tx) => {
        const [row] = await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
        begun.resolve(row!.pid);
        // Half of the time the loss comes in the middle of a statement.
        if (round % 2 === 0) await tx`SELECT pg_sleep(10)`;
        await gate.promise;
        late = tx`INSERT INTO kept VALUES (1)`;
        await late;
      });
      const failed = expect(lost).rejects.toThrow();
      await admin`SELECT pg_terminate_backend(${await begun.promise})`;
      await failed;
      const numbers = Array.from({ length: 8 }, (_, index) => index);
      const read = (n: number) => begin(pool, async (tx) => (await tx<{ n: number }[]>`SELECT ${n}::int AS n`)[0]?.n);
      // The connection's new session answers each with its own.
      const others = Promise.all(numbers.map((n) => read(n)));
      gate.resolve();
      expect(await others).toEqual(numbers);
      await late?.catch(() => undefined);
    }
    expect(await pool`SELECT * FROM kept`).toEqual([]);
  },
);

test.each(KINDS)("%s that begins where a connection's pipeline is full has the connection alone", async (_, begin) => {
  const pool = createSql(address, { max: 2 });
  onTestFinished(() => pool.end({ timeout: 1 }));
  await pool`CREATE TABLE IF NOT EXISTS counted (n int, writer bigint)`;
  await pool`TRUNCATE counted`;
  const write = (n: number) =>
    begin(pool, async (tx) => {
      await tx`SELECT ${n}::int`;
      await Promise.all([tx`INSERT INTO counted SELECT ${n}, txid_current()`, tx`SELECT 1`]);
    });
  // The driver sends a hundred statements ahead of their answers: each place near that one is tried.
  const places = Array.from({ length: 20 }, (_, index) => 90 + index);
  for (const place of places) {
    const reads = Array.from({ length: 2 * place }, () => pool`SELECT 1 AS n`.execute());
    const written = write(place);
    expect((await Promise.all(reads)).flat()).toEqual(reads.map(() => ({ n: 1 })));
    await written;
  }
  expect(await admin`SELECT count(DISTINCT writer)::int AS writers FROM counted`).toEqual([{ writers: places.length }]);
  expect(
    await admin`SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
  ).toEqual([]);
});

test("a connection that is silent for longer than a statement may take is given up; one that is asked nothing stays", async () => {
  const proxy = await startFaultyProxy(join(directory, `.s.PGSQL.${address.port}`));
  const pool = createSql({ ...address, directory: proxy.directory, port: 5432 }, { max: 2, statementTimeoutMs: 400 });
  onTestFinished(async () => {
    await pool.end({ timeout: 1 });
    await proxy.close();
  });
  const readPids = () => Promise.all([1, 2].map(() => pool`SELECT pg_backend_pid() AS pid, pg_sleep(0.1)`));
  const pids = (rows: { pid: number }[][]) => rows.map(([row]) => row?.pid).sort();
  const before = pids((await readPids()) as never);
  await admin`SELECT pg_sleep(0.7)`;
  expect(pids((await readPids()) as never)).toEqual(before);
  proxy.silence();
  const [statement, transaction] = await Promise.allSettled([
    pool`SELECT 1`,
    beginPipelined(pool, (tx) => tx`SELECT 1`),
  ]);
  expect([statement, transaction]).toMatchObject([1, 2].map(() => ({ reason: { code: "CONNECTION_CLOSED" } })));
  proxy.speak();
  expect(await pool`SELECT 1 AS n`).toEqual([{ n: 1 }]);
});

test("a pipelined transaction sends its commit before its writes are answered, and is committed when it says so", async () => {
  const pool = createSql(address, { max: 1 });
  onTestFinished(() => pool.end({ timeout: 1 }));
  await pool`CREATE TABLE pipelined (n int)`;
  const events: string[] = [];
  (pool.options as { debug: unknown }).debug = (_connection: number, text: string) => events.push(text.trim());
  const write = () =>
    beginPipelined(pool, async (tx) => {
      await Promise.all([tx`SELECT 1`, tx`SELECT 2`]);
      events.push("read");
      const inserts = [1, 2].map(() => tx`INSERT INTO pipelined VALUES (1)`.execute());
      sendCommit(tx);
      await Promise.all(inserts);
      events.push("written");
    });
  await write();
  events.length = 0;
  await write();
  const insert = "INSERT INTO pipelined VALUES (1)";
  expect(events).toEqual(["begin", "SELECT 1", "SELECT 2", "read", insert, insert, "commit", "written"]);
  expect(await admin`SELECT count(*)::int AS rows FROM pipelined`).toEqual([{ rows: 4 }]);
});

test("a statement that fails before a commit that was sent behind it takes all of the transaction along", async () => {
  const pool = createSql(address, { max: 1 });
  onTestFinished(() => pool.end({ timeout: 1 }));
  await pool`CREATE TABLE narrow (n int CHECK (n < 10))`;
  const write = (tx: TransactionSql, numbers: number[]) => {
    const inserts = numbers.map((n) => tx`INSERT INTO narrow VALUES (${n})`.execute());
    sendCommit(tx);
    return Promise.all(inserts);
  };
  for (const numbers of [
    [1, 99],
    [99, 1],
  ]) {
    const failed = beginPipelined(pool, async (tx) => {
      await tx`SELECT 1`;
      await write(tx, numbers);
    });
    // Whoever comes next on this connection begins at once, and is not rolled back with it.
    const next = beginPipelined(pool, async (tx) => {
      await tx`SELECT 1`;
      await write(tx, [2]);
    });
    await expect(failed).rejects.toThrow("narrow_n_check");
    await next;
  }
  expect(await admin`SELECT n FROM narrow`).toEqual([{ n: 2 }, { n: 2 }]);
});

test("a statement whose plan is out of date fails its transaction, runs nowhere else, and works in the next", async () => {
  const pool = createSql(address, { max: 1 });
  onTestFinished(() => pool.end({ timeout: 1 }));
  await pool`CREATE TABLE moved (n int)`;
  const write = () =>
    beginPipelined(pool, async (tx) => {
      await tx`SELECT 1`;
      const insert = tx`INSERT INTO moved VALUES (1) RETURNING *`.execute();
      sendCommit(tx);
      await insert;
    });
  await write();
  await admin`ALTER TABLE moved ADD COLUMN other int`;
  await expect(write()).rejects.toThrow("cached plan");
  await write();
  expect(await admin`SELECT count(*)::int AS rows FROM moved`).toEqual([{ rows: 2 }]);
});

test("what follows a BEGIN that failed is not done outside of the transaction", async () => {
  const pool = createSql(address, { max: 1 });
  onTestFinished(() => pool.end({ timeout: 1 }));
  await pool`CREATE TABLE outside (n int)`;
  const write = async (tx: TransactionSql) => {
    await tx`SELECT 1`;
    await tx`INSERT INTO outside VALUES (1)`;
  };
  const begun = pool.begin("isolation level nonsense", Object.assign(write, { readsFirst: true }));
  await expect(begun).rejects.toThrow("syntax error");
  expect(await pool`SELECT n FROM outside`).toEqual([]);
});

test("a table that is read out leaves its connection reading, however full the reader's buffer was at the end", async () => {
  const pool = createSql(address, { max: 1 });
  onTestFinished(() => pool.end({ timeout: 1 }));
  for (const size of [1_000, 70_000, 200_000]) {
    const rows =
      await pool`COPY (SELECT repeat('x', ${pool.unsafe(String(size))}) FROM generate_series(1, 2)) TO STDOUT`.readable();
    let bytes = 0;
    for await (const piece of rows) bytes += piece.length;
    expect(bytes).toBe(2 * (size + 1));
    expect(await pool`SELECT 1 AS n`).toEqual([{ n: 1 }]);
  }
});
