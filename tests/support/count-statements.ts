/** Counts the statements that a pool sends. */
import type { Sql } from "postgres";

/** Runs `work` and returns the texts of the statements sent meanwhile, without what the driver asks of a new connection. */
export async function countStatements(sql: Sql, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const options = sql.options as { debug: unknown };
  const before = options.debug;
  options.debug = (_connection: number, text: string) => {
    if (!text.includes("pg_catalog.pg_type")) statements.push(text);
  };
  try {
    await work();
  } finally {
    options.debug = before;
  }
  return statements;
}
