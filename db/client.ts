/** The process's one connection pool and drizzle's handle over it. Each bundle wraps its own; the pool is shared. */
import { drizzle } from "drizzle-orm/postgres-js";
import postgres, { type Sql, type TransactionSql } from "postgres";
import * as schema from "./schema";

export type Database = ReturnType<typeof createDatabase>;
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
/** A database or an open transaction: what a drizzle query takes. */
export type Executor = Database | Transaction;
/** A pool or an open transaction: what a hand-written hot query takes. Tagged templates are prepared by the driver. */
export type SqlExecutor = Sql | TransactionSql;

/** A direct URL, or the directory of the unix socket and the names of an embedded server. */
export type ConnectionTarget = string | { host: string; port: number; username: string; database: string };

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** `2026-11-23 02:57:27.123456+00` → `2026-11-23T02:57:27.123456Z`; sessions run in UTC. */
const toRfc3339 = (text: string): string => `${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, "Z")}`;

/**
 * Opens no connection yet. `bigint` comes back as a number (every one of ours stays below 2^53) and `timestamptz` as
 * RFC 3339 text in UTC with its microseconds. JSON parameters are passed as text: `${JSON.stringify(value)}::jsonb`.
 */
export function createPool(target: ConnectionTarget, options: { max: number; applicationName: string }): Sql {
  const settings = {
    max: options.max,
    idle_timeout: 0,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: options.applicationName, TimeZone: "UTC" },
    types: {
      bigint: { to: INT8, from: [INT8], parse: Number, serialize: String },
      instant: { to: TIMESTAMPTZ, from: [TIMESTAMPTZ], parse: toRfc3339, serialize: (text: string) => text },
    },
  };
  const pool = typeof target === "string" ? postgres(target, settings) : postgres({ ...target, ...settings });
  return pool as unknown as Sql;
}

/** Wraps a pool of `createPool`. Does not connect. */
export function createDatabase(sql: Sql) {
  const database = drizzle(sql, { schema, casing: "snake_case" });
  // drizzle switches the driver's own parsing off; ours is wanted for both.
  sql.options.parsers[TIMESTAMPTZ] = toRfc3339;
  return database;
}
