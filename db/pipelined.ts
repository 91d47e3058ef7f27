/**
 * Transactions in few round trips, by the repaired driver (`lib/server/driver-patch.mjs`): BEGIN goes with the first
 * statements, COMMIT with the last. Knows no table. With the driver as it comes the same happens, in more round trips.
 */
import type { Sql, TransactionSql } from "postgres";

/**
 * `work` in a transaction. Its first statements must be reads: they are sent before BEGIN is answered, and should that
 * fail they run outside of it. What follows them never does.
 */
export async function beginPipelined<T>(sql: Sql, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  const marked = Object.assign((tx: TransactionSql) => work(tx), { readsFirst: true });
  return (await sql.begin(marked)) as T;
}

/**
 * Sends COMMIT behind everything that was sent, without waiting for its answers: one that fails turns the commit into a
 * rollback. The caller waits for those answers and sends nothing more. A statement counts as sent once it is executed
 * (`.execute()`), not when it is made.
 */
export function sendCommit(tx: TransactionSql): void {
  (tx as TransactionSql & { commit?: () => void }).commit?.();
}
