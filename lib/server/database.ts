/** Opens the process's database: the embedded server or `DATABASE_URL`, migrated. The pool it returns is the only one. */
import type { Sql } from "postgres";
import { createSql, type DatabaseAddress } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";
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
  const embedded = env.DATABASE_URL
    ? undefined
    : await startEmbeddedPostgres({ dataDir: env.SLIPWAY_DATA_DIR, onFatal });
  const address = embedded?.address ?? { kind: "url" as const, url: env.DATABASE_URL ?? "" };
  try {
    await migrateDatabase({ address, folder: options.migrations });
  } catch (error) {
    await embedded?.stop();
    throw describeFailure(error);
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

/** The driver's errors name neither the variable nor what to do. Never the URL: it holds a password. */
function describeFailure(error: unknown): unknown {
  const code = (error as { code?: string }).code;
  if (!code) return error;
  const detail = error instanceof Error ? error.message : String(error);
  if (/^(ECONN|ENOTFOUND|EAI_|CONNECT_|ETIMEDOUT|ENOENT|EHOSTUNREACH|CONNECTION_)/.test(code)) {
    return new Error(`DATABASE_URL: the database cannot be reached (${code}). Is it running and the address right?`, {
      cause: error,
    });
  }
  if (/^(28|3D)/.test(code)) return new Error(`DATABASE_URL: the database refused: ${detail}`, { cause: error });
  return new Error(`Migrating the database failed (${code}): ${detail}`, { cause: error });
}
