import { expect, onTestFinished, test } from "vitest";
import { createSql } from "@/db/connect";
import { createTestDatabase, toDatabaseUrl } from "../support/database";

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

test("a transaction that loses its connection fails whole, and nothing of it reaches the connection's next session", async () => {
  const pool = createSql(address, { max: 2 });
  onTestFinished(() => pool.end({ timeout: 1 }));
  await pool`CREATE TABLE kept (id int)`;
  for (let round = 0; round < 20; round += 1) {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<number>();
    let late: Promise<unknown> | undefined;
    const lost = pool.begin(async (tx) => {
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
    const read = (n: number) => pool.begin(async (tx) => (await tx<{ n: number }[]>`SELECT ${n}::int AS n`)[0]?.n);
    // The connection's new session answers each with its own.
    const others = Promise.all(numbers.map((n) => read(n)));
    gate.resolve();
    expect(await others).toEqual(numbers);
    await late?.catch(() => undefined);
  }
  expect(await pool`SELECT * FROM kept`).toEqual([]);
});

test("a transaction that begins where a connection's pipeline is full has the connection alone", async () => {
  const pool = createSql(address, { max: 2 });
  onTestFinished(() => pool.end({ timeout: 1 }));
  await pool`CREATE TABLE counted (n int, writer bigint)`;
  const write = (n: number) => pool.begin((tx) => [tx`INSERT INTO counted SELECT ${n}, txid_current()`, tx`SELECT 1`]);
  // The driver sends a hundred statements ahead of their answers: each place near that one is tried.
  const places = Array.from({ length: 20 }, (_, index) => 90 + index);
  for (const place of places) {
    const reads = Array.from({ length: 2 * place }, () => pool`SELECT 1 AS n`.execute());
    const written = write(place);
    expect((await Promise.all(reads)).flat()).toEqual(reads.map(() => ({ n: 1 })));
    await written;
  }
  expect(await admin`SELECT count(DISTINCT writer)::int AS writers FROM counted`).toEqual([{ writers: places.length }]);
  expect(await admin`SELECT pid FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'`).toEqual([]);
});
