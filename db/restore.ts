/** Fills an empty database from a backup, all of it or nothing. Never touches a database that holds rows. */
import { once } from "node:events";
import type { ReservedSql, Sql } from "postgres";
import { z } from "zod";
import { BACKUP_FORMAT, createLineReader } from "./backup-format";
import { createSql, type DatabaseAddress } from "./connect";
import { migrateDatabase } from "./migrate";

const headerSchema = z.object({ slipway_backup: z.number(), version: z.string(), migration: z.number() });
const entrySchema = z.union([
  z.object({ table: z.string(), columns: z.array(z.string()).min(1) }),
  z.object({ sequences: z.array(z.object({ name: z.string(), last_value: z.string(), is_called: z.boolean() })) }),
  z.object({ end: z.literal(true), tables: z.number() }),
]);

type RestoreOptions = {
  address: DatabaseAddress;
  /** The migrations of this version. */
  folder: string;
  /** What `writeBackup` wrote. */
  input: AsyncIterable<Uint8Array>;
};

/**
 * Migrates to the schema of the backup, loads it in one transaction, and migrates on to this version's.
 * @throws Error when the database holds rows, or the backup is damaged, cut off or of a newer version.
 */
export async function restoreBackup({ address, folder, input }: RestoreOptions): Promise<{ tables: number }> {
  const reader = createLineReader(input);
  const header = readHeader(await reader.line());
  const pool = createSql(address, { max: 1, statementTimeoutMs: 0 });
  try {
    await requireEmpty(pool);
    await migrateDatabase({ address, folder, through: header.migration });
    const sql = await pool.reserve();
    await sql`BEGIN`;
    const tables = await load(sql, reader);
    await sql`COMMIT`;
    sql.release();
    await migrateDatabase({ address, folder });
    return { tables };
  } finally {
    // At once: what is not committed is to be lost.
    await pool.end({ timeout: 0 });
  }
}

function readHeader(line: string | undefined): z.infer<typeof headerSchema> {
  const header = headerSchema.safeParse(parseLine(line));
  if (!header.success) throw new Error("The file is not a backup of Slipway.");
  if (header.data.slipway_backup === BACKUP_FORMAT) return header.data;
  throw new Error(
    `The backup was written by Slipway ${header.data.version}, in a format that this version cannot read.`,
  );
}

function parseLine(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? "");
  } catch {
    return undefined;
  }
}

async function requireEmpty(sql: Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')`;
  for (const { name } of tables) {
    const rows = await sql`SELECT 1 FROM ${sql(name)} LIMIT 1`;
    if (rows.length === 0) continue;
    throw new Error(
      `The database is not empty: ${name} has rows. Restore into a new SLIPWAY_DATA_DIR or an empty database.`,
    );
  }
}

type Reader = ReturnType<typeof createLineReader>;

async function load(sql: ReservedSql, reader: Reader): Promise<number> {
  const constraints = await dropForeignKeys(sql);
  for (let loaded = 0; ; ) {
    const line = await reader.line();
    if (line === undefined) throw new Error("The backup ends in the middle: the file is cut off.");
    const entry = entrySchema.parse(parseLine(line));
    if ("end" in entry) {
      if (entry.tables !== loaded) throw new Error("The backup is damaged: tables are missing.");
      for (const { table, name, definition } of constraints) {
        await sql.unsafe(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`);
      }
      return loaded;
    }
    if ("sequences" in entry) {
      for (const { name, last_value, is_called } of entry.sequences) {
        await sql`SELECT setval(quote_ident(${name})::regclass, ${last_value}::bigint, ${is_called})`;
      }
      continue;
    }
    await copyRows(sql, entry, reader);
    loaded += 1;
  }
}

async function copyRows(sql: ReservedSql, entry: { table: string; columns: string[] }, reader: Reader): Promise<void> {
  const target = await sql`COPY ${sql(entry.table)} (${sql(entry.columns)}) FROM STDIN`.writable();
  const ended = new Promise<void>((resolve, reject) => {
    target.once("finish", resolve);
    target.once("error", reject);
  });
  // Awaited below; a refusal while we still write must not end the process.
  ended.catch(() => undefined);
  for await (const rows of reader.rows()) {
    if (!target.write(rows)) await Promise.race([once(target, "drain"), ended]);
  }
  target.end();
  await ended;
}

type Constraint = { table: string; name: string; definition: string };

/** Tables refer to each other in circles; the keys are checked as a whole when they are added again. */
async function dropForeignKeys(sql: ReservedSql): Promise<Constraint[]> {
  const constraints = await sql<Constraint[]>`
    SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2`;
  for (const { table, name } of constraints) await sql.unsafe(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  return constraints;
}
