/** Brings a database to the schema of this version. Runs at start, by any number of processes at once; seeds nothing. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import type { Sql } from "postgres";
import { createSql, type DatabaseAddress } from "./connect";

/** Any constant: "slipway" as a 56-bit number. */
const LOCK_KEY = "32488822435963257";
const OLDEST_SERVER = 150_000;

/**
 * Applies the pending migrations of `folder` in one transaction under an advisory lock: killed midway, nothing is applied.
 * @throws Error when the server is older than PostgreSQL 15 or the database was migrated by a newer version.
 */
export async function migrateDatabase(options: { address: DatabaseAddress; folder: string }): Promise<void> {
  const sql = createSql(options.address, { max: 1, statementTimeoutMs: 0 });
  try {
    await requireServerVersion(sql);
    await sql`SELECT pg_advisory_lock(${LOCK_KEY}::bigint)`;
    await refuseNewerSchema(sql, options.folder);
    await migrate(drizzle(sql, { casing: "snake_case" }), { migrationsFolder: options.folder });
  } finally {
    // Ends the session and with it the lock.
    await sql.end({ timeout: 5 });
  }
}

async function requireServerVersion(sql: Sql): Promise<void> {
  const [row] = await sql<{ number: number; text: string }[]>`
    SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS text`;
  if (!row || row.number < OLDEST_SERVER) {
    throw new Error(`DATABASE_URL is PostgreSQL ${row?.text}; 15 or later is needed.`);
  }
}

async function refuseNewerSchema(sql: Sql, folder: string): Promise<void> {
  const [table] = await sql<
    { name: string | null }[]
  >`SELECT to_regclass('drizzle.__drizzle_migrations')::text AS name`;
  if (!table?.name) return;
  const [row] = await sql<
    { newest: string | null }[]
  >`SELECT max(created_at) AS newest FROM drizzle.__drizzle_migrations`;
  const journal = JSON.parse(await readFile(join(folder, "meta/_journal.json"), "utf8")) as {
    entries: { when: number }[];
  };
  const known = journal.entries.at(-1)?.when ?? 0;
  if (Number(row?.newest ?? 0) > known) {
    throw new Error("The database was migrated by a newer version of Slipway. Start that version or a later one.");
  }
}
