/** Opens postgres.js clients: the one place that knows how a database is addressed. Runs no query itself. */
import postgres, { type Options, type PostgresType, type Sql } from "postgres";

/** A connection URL, or the directory of a unix socket (the embedded server). */
export type DatabaseAddress =
  | { kind: "url"; url: string }
  | { kind: "socket"; directory: string; port: number; user: string; database: string };

/** 60 s: longer than any query of ours; a query that takes more is cut instead of holding its connection. */
const STATEMENT_TIMEOUT_MS = 60_000;
/** 16 connections carry 4,000 inserts a second on two cores; PostgreSQL's default allows 100 for all processes. */
const POOL_SIZE = 16;

type ConnectOptions = {
  max?: number;
  /** 0: no limit, for migrations. */
  statementTimeoutMs?: number;
};

/** A pool. Connects at its first query; the caller ends it. */
export function createSql(address: DatabaseAddress, options: ConnectOptions = {}): Sql {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const settings: Options<Record<string, PostgresType>> = {
    max: options.max ?? POOL_SIZE,
    connect_timeout: 10,
    // A lost server is retried quickly: everything waits for it.
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => undefined,
    connection: {
      application_name: "slipway",
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: statementTimeoutMs,
    },
  };
  if (address.kind === "url") return postgres(address.url, settings);
  return postgres({
    ...settings,
    host: address.directory,
    port: address.port,
    user: address.user,
    database: address.database,
  });
}

/** The same server, another database. */
export function withDatabase(address: DatabaseAddress, database: string): DatabaseAddress {
  if (address.kind === "socket") return { ...address, database };
  const url = new URL(address.url);
  url.pathname = `/${encodeURIComponent(database)}`;
  return { kind: "url", url: url.href };
}
