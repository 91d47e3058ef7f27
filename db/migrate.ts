/** Brings a database to the schema of this version. Runs at start, by any number of processes at once; seeds nothing. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import type { Sql } from "postgres";
import { failpoint } from "@/lib/failpoint";
import { createSql, type DatabaseAddress } from "./connect";

/** Any constant: "slipway" as a 56-bit number. */
const LOCK_KEY = "32488822435963257";
const OLDEST_SERVER = 150_000;

type MigrateOptions = {
  address: DatabaseAddress;
  folder: string;
  /** The last migration to apply, by the time it was made; all of them when absent. */
  through?: number;
};

/**
 * Applies the pending migrations of `folder` in one transaction under an advisory lock: killed midway, nothing is applied.
 * @throws Error when the server is older than PostgreSQL 15 or the database was migrated by a newer version.
 */
export async function migrateDatabase({ address, folder, through }: MigrateOptions): Promise<void> {
  const sql = createSql(address, { max: 1, statementTimeoutMs: 0 });
  try {
    await requireServerVersion(sql);
    await failpoint("migrate.lock", () => sql`SELECT pg_advisory_lock(${LOCK_KEY}::bigint)`);
    await refuseNewerSchema(sql, folder);
    const apply = (from: string) => migrate(drizzle(sql, { casing: "snake_case" }), { migrationsFolder: from });
    await failpoint("migrate.apply", () =>
      through === undefined ? apply(folder) : withMigrationsThrough(folder, through, apply),
    );
  } finally {
    // Ends the session and with it the lock.
    await sql.end({ timeout: 5 });
  }
}

/** The migrator takes a folder, so the first ones get a folder of their own. */
async function withMigrationsThrough(
  folder: string,
  through: number,
  apply: (folder: string) => Promise<void>,
): Promise<void> {
  const journal = await readJournal(folder);
  const entries = journal.entries.filter(({ when }) => when <= through);
  if (entries.at(-1)?.when !== through) {
    throw new Error("The backup was made by a newer version of Slipway. Restore it with that version or a later one.");
  }
  const some = await mkdtemp(join(tmpdir(), "slipway-migrations-"));
  try {
    await cp(folder, some, { recursive: true });
    await writeFile(journalPath(some), JSON.stringify({ ...journal, entries }));
    await apply(some);
  } finally {
    await rm(some, { recursive: true, force: true });
  }
}

type Journal = { entries: { when: number }[] };

const journalPath = (folder: string): string => join(folder, "meta/_journal.json");

const readJournal = async (folder: string): Promise<Journal> =>
  JSON.parse(await readFile(journalPath(folder), "utf8")) as Journal;

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
  const known = (await readJournal(folder)).entries.at(-1)?.when ?? 0;
  if (Number(row?.newest ?? 0) > known) {
    throw new Error("The database was migrated by a newer version of Slipway. Start that version or a later one.");
  }
}
