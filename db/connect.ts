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

const INT8 = 20;
const TIMESTAMPTZ = 1184;
const JSONB = 3802;

/** `2026-11-23 02:57:27.123456+00` → `2026-11-23T02:57:27.123456Z`; sessions run in UTC. */
export const toRfc3339 = (text: string): string => `${text.slice(0, 10)}T${text.slice(11).replace(/\+00$/, "Z")}`;

/** `bigint` comes back as a number: every one of ours stays below 2^53. Times keep their microseconds as text. */
const types = {
  bigint: { to: INT8, from: [INT8], parse: Number, serialize: String },
  jsonb: { to: JSONB, from: [JSONB], parse: JSON.parse, serialize: (text: string) => text },
  instant: { to: TIMESTAMPTZ, from: [TIMESTAMPTZ], parse: toRfc3339, serialize: (text: string) => text },
};

type ConnectOptions = {
  max?: number;
  /** 0: no limit, for migrations. */
  statementTimeoutMs?: number;
};

/**
 * A pool. Connects at its first query; the caller ends it.
 * JSON parameters are passed as text: `${JSON.stringify(value)}::jsonb`.
 */
export function createSql(address: DatabaseAddress, options: ConnectOptions = {}): Sql {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const settings: Options<Record<string, PostgresType>> = {
    max: options.max ?? POOL_SIZE,
    connect_timeout: 10,
    // A lost server is retried quickly: everything waits for it.
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => undefined,
    types,
    connection: {
      application_name: "slipway",
      TimeZone: "UTC",
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: statementTimeoutMs,
    },
  };
  if (address.kind === "url") {
    const { url, host } = readUrl(address.url);
    return postgres(url, host ? { ...settings, host } : settings);
  }
  return postgres({
    ...settings,
    host: address.directory,
    port: address.port,
    user: address.user,
    database: address.database,
  });
}

/** libpq's two ways to name a socket's directory, `//%2Fvar%2Frun/…` and `?host=/var/run`, which the driver does not know. */
function readUrl(text: string): { url: string; host?: string } {
  const url = new URL(text);
  const directory = url.searchParams.get("host") ?? decodeURIComponent(url.hostname);
  if (!directory.startsWith("/")) return { url: text };
  url.searchParams.delete("host");
  return { url: url.href, host: directory };
}

/** The same server, another database. */
export function withDatabase(address: DatabaseAddress, database: string): DatabaseAddress {
  if (address.kind === "socket") return { ...address, database };
  const url = new URL(address.url);
  url.pathname = `/${encodeURIComponent(database)}`;
  return { kind: "url", url: url.href };
}
