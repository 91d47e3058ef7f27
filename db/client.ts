/** The drizzle handle over the process's one postgres.js pool. Each bundle wraps its own; the pool is shared. */
import { drizzle } from "drizzle-orm/postgres-js";
import type { Sql } from "postgres";
import * as schema from "./schema";

export type Database = ReturnType<typeof createDatabase>;
/** A database or an open transaction: what every query takes. */
export type Executor = Database | Parameters<Parameters<Database["transaction"]>[0]>[0];
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];

/** Wraps a postgres.js client. Does not connect. */
export function createDatabase(sql: Sql) {
  return drizzle(sql, { schema, casing: "snake_case" });
}
