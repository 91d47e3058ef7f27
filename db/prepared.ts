/**
 * Runs a drizzle statement as one the server has prepared: parsed and, after five runs, planned once per connection.
 * Only for texts of a few fixed shapes, since a connection keeps every text it has seen; drizzle's own `execute` is for
 * the others.
 */
import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Database } from "./client";

const dialect = new PgDialect({ casing: "snake_case" });

/** The rows of a statement on any connection of the pool. */
export async function executePrepared<Row extends Record<string, unknown>>(
  db: Database,
  statement: SQL,
): Promise<Row[]> {
  const { sql, params } = dialect.sqlToQuery(statement);
  return db.$client.unsafe<Row[]>(sql, params as (string | number | boolean | null)[], { prepare: true });
}
