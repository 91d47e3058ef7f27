/** Drizzle's handle over the process's one connection pool. Each bundle wraps its own; the pool is shared. */
import { drizzle } from "drizzle-orm/postgres-js";
import type { Sql, TransactionSql } from "postgres";
import { toRfc3339 } from "./connect";
import * as schema from "./schema";

export type Database = ReturnType<typeof createDatabase>;
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** A database or an open transaction: what a drizzle query takes. */
export type Executor = Database | Transaction;
/** A pool or an open transaction: what a hand-written hot query takes. Tagged templates are prepared by the driver. */
export type SqlExecutor = Sql | TransactionSql;

/** The parser of `timestamptz`, by its type id. */
const TIMESTAMPTZ = 1184;

/** Wraps a pool of `createSql`. Does not connect. */
export function createDatabase(sql: Sql) {
  const database = drizzle(sql, { schema, casing: "snake_case" });
  // drizzle switches the driver's own parsing off; ours is wanted for both.
  sql.options.parsers[TIMESTAMPTZ] = toRfc3339;
  return database;
}
