/** Counts the statements that a pool sends. */
import type { Sql } from "postgres";

/** Runs `work` and returns the texts of the statements sent meanwhile. */
export async function countStatements(sql: Sql, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const options = sql.options as { debug: unknown };
  const before = options.debug;
  options.debug = (_connection: number, text: string) => statements.push(text);
  try {
    await work();
  } finally {
    options.debug = before;
  }
  return statements;
}
