/** A migrated database of its own for each test file. */
import { randomUUID } from "node:crypto";
import type { Sql } from "postgres";
import { afterAll, inject } from "vitest";
import { createDatabase, type Database } from "@/db/client";
import { createSql, type DatabaseAddress, withDatabase } from "@/db/connect";

export type TestDatabase = { address: DatabaseAddress; sql: Sql; db: Database };

/**
 * Clones the template, or makes an empty database. Call it at the top of a test file, with `await`:
 * it is closed and dropped after the file's last test.
 */
export async function createTestDatabase(options: { template?: "migrated" | "empty" } = {}): Promise<TestDatabase> {
  const cluster = inject("cluster");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const template = options.template === "empty" ? "template0" : "slipway_template";
  await administer(cluster, (sql) => sql`CREATE DATABASE ${sql(name)} TEMPLATE ${sql(template)} STRATEGY FILE_COPY`);
  const address = withDatabase(cluster, name);
  const sql = createSql(address, { max: 8 });
  afterAll(async () => {
    await sql.end({ timeout: 2 });
    await administer(cluster, (admin) => admin`DROP DATABASE ${admin(name)} WITH (FORCE)`);
  });
  return { address, sql, db: createDatabase(sql) };
}

async function administer(cluster: DatabaseAddress, work: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = createSql(cluster, { max: 1 });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

/** The database as `DATABASE_URL` names it. */
export function toDatabaseUrl(address: DatabaseAddress): string {
  if (address.kind === "url") return address.url;
  return `postgres://${address.user}@${encodeURIComponent(address.directory)}:${address.port}/${address.database}`;
}

/** How many sessions of this database wait for a lock. Other test files have databases of their own beside it. */
export async function countLockWaits(sql: Sql): Promise<number> {
  const [row] = await sql<{ waiting: number }[]>`SELECT count(*)::int AS waiting FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return row?.waiting ?? 0;
}
