/** Opens the process's database: the embedded server or `DATABASE_URL`, migrated. The pool it returns is the only one. */

import type { Sql } from "postgres";
import { createSql, type DatabaseAddress } from "@/db/connect";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
import { isFailedQuery } from "@/lib/describe-error";
import type { Env } from "@/lib/env";

export type OpenDatabase = {
  sql: Sql;
  address: DatabaseAddress;
  /** Its data directory has one supervisor, so that workers of earlier boots are dead for certain. */
  isEmbedded: boolean;
  end(): Promise<void>;
};

/** @throws Error with one line: unreachable, too old, of another major, migrated by a newer version. */
export async function openDatabase(options: {
  env: Env;
  migrations: string;
  onFatal: (error: Error) => void;
}): Promise<OpenDatabase> {
  const { env, onFatal } = options;
  const embedded = env.DATABASE_URL ? undefined : await startEmbedded(env, onFatal);
  const address = embedded?.address ?? { kind: "url" as const, url: env.DATABASE_URL ?? "" };
  try {
    await migrateDatabase({ address, folder: options.migrations });
  } catch (error) {
    await embedded?.stop();
    throw describeDatabaseError(error);
  }
  const sql = createSql(address);
  return {
    sql,
    address,
    isEmbedded: embedded !== undefined,
    end: async () => {
      await sql.end({ timeout: 2 });
      await embedded?.stop();
    },
  };
}

async function startEmbedded(env: Env, onFatal: (error: Error) => void): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({ dataDir: env.SLIPWAY_DATA_DIR, onFatal });
  } catch (error) {
    throw describeDatabaseError(error);
  }
}

/** The driver's errors name neither the variable nor what to do. Never the URL: it holds a password. */
export function describeDatabaseError(error: unknown): unknown {
  const { code, syscall } = error as { code?: string; syscall?: string };
  // drizzle wraps the driver's error, and names the statement with its values.
  if (!code) return isFailedQuery(error) ? describeDatabaseError(error.cause) : error;
  const detail = error instanceof Error ? error.message : String(error);
  const say = (message: string) => new Error(message, { cause: error });
  if (/^(ECONN|ENOTFOUND|EAI_|CONNECT_|ETIMEDOUT|EHOSTUNREACH|CONNECTION_)/.test(code) || syscall === "connect") {
    return say(`DATABASE_URL: the database cannot be reached (${code}). Is it running and the address right?`);
  }
  if (/^(28|3D)/.test(code)) return say(`DATABASE_URL: the database refused: ${detail}`);
  if (code === "ENOSPC" || code === "EDQUOT")
    return say(`The disk is full: ${detail}. Free some space and start again.`);
  // 53100 is PostgreSQL's own word for it.
  if (code === "53100") return say(`The database's disk is full: ${detail}. Free some space and start again.`);
  if (code === "42P01") return say(`This database was not made by this version of Slipway: ${detail}.`);
  if (/^E[A-Z]+$/.test(code)) return error;
  return say(`The database refused (${code}): ${detail}`);
}
