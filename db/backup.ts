/** Writes everything of a database as one stream: a consistent snapshot, also of a server in use. Changes nothing. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import type { ReservedSql } from "postgres";
import { BACKUP_FORMAT, type BackupEntry, END_OF_ROWS, type SequenceState } from "./backup-format";
import { createSql, type DatabaseAddress } from "./connect";

/** Processes that are alive now; none of them is where the backup is restored. */
const LEFT_OUT = ["workers"];

type Table = { table: string; columns: string[] };

/**
 * Writes every table's rows and every sequence. Memory stays bounded: the server waits while `output` does.
 * @throws Error when the database was never used by Slipway.
 */
export async function writeBackup(options: {
  address: DatabaseAddress;
  version: string;
  output: Writable;
}): Promise<{ tables: number }> {
  const pool = createSql(options.address, { max: 1, statementTimeoutMs: 0 });
  try {
    const sql = await pool.reserve();
    await sql`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`;
    const tables = await writeSnapshot(sql, options);
    await sql`COMMIT`;
    sql.release();
    return { tables };
  } finally {
    // At once: what is not committed is to be lost.
    await pool.end({ timeout: 0 });
  }
}

async function writeSnapshot(
  sql: ReservedSql,
  { version, output }: { version: string; output: Writable },
): Promise<number> {
  const writeEntry = (entry: BackupEntry) => write(output, `${JSON.stringify(entry)}\n`);
  await writeEntry({ slipway_backup: BACKUP_FORMAT, version, ...(await readOrigin(sql)) });
  const tables = await listTables(sql);
  for (const { table, columns } of tables) {
    await writeEntry({ table, columns });
    const rows = await sql`COPY ${sql(table)} (${sql(columns)}) TO STDOUT`.readable();
    for await (const piece of rows) await write(output, piece);
    await write(output, `${END_OF_ROWS}\n`);
  }
  await writeEntry({ sequences: await listSequences(sql) });
  await writeEntry({ end: true, tables: tables.length });
  return tables.length;
}

async function write(output: Writable, piece: string | Uint8Array): Promise<void> {
  if (!output.write(piece)) await once(output, "drain");
}

async function readOrigin(sql: ReservedSql) {
  const [used] = await sql<{ name: string | null }[]>`SELECT to_regclass('drizzle.__drizzle_migrations')::text AS name`;
  if (!used?.name) throw new Error("There is nothing to back up: this database was never used by Slipway.");
  const [row] = await sql<{ created_at: string; postgres: string; migration: number }[]>`
    SELECT now() AS created_at, current_setting('server_version') AS postgres,
      (SELECT max(created_at) FROM drizzle.__drizzle_migrations) AS migration`;
  if (!row) throw new Error("The database did not say what it is.");
  return { ...row, migration: Number(row.migration) };
}

/** Every ordinary table with the columns that can be written, by name. */
async function listTables(sql: ReservedSql): Promise<Table[]> {
  return sql<Table[]>`
    SELECT c.relname AS table, array_agg(a.attname::text ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relname = ANY(${LEFT_OUT})
    GROUP BY c.relname ORDER BY c.relname`;
}

async function listSequences(sql: ReservedSql): Promise<SequenceState[]> {
  const names = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname`;
  const states: SequenceState[] = [];
  for (const { name } of names) {
    const [row] = await sql<
      Omit<SequenceState, "name">[]
    >`SELECT last_value::text AS last_value, is_called FROM ${sql(name)}`;
    if (row) states.push({ name, ...row });
  }
  return states;
}
