/** What health and metrics ask the database. Cheap whatever the number of chats: partial indexes only. */
import { sql } from "drizzle-orm";
import type { Executor } from "@/db/client";

/** Round trip to the database. @throws when it cannot be reached. */
export async function pingDatabase(executor: Executor): Promise<void> {
  await executor.execute(sql`SELECT 1`);
}

/**
 * Chats that wait for a worker and chats that one owns.
 * Index-only over `chat_runs_runnable_since` and `chat_runs_worker_id`, which hold busy chats alone.
 */
export async function countBusyChats(executor: Executor): Promise<{ pending: number; running: number }> {
  const [row] = await executor.execute<{ pending: number; running: number }>(sql`
    SELECT (SELECT count(*)::int FROM chat_runs WHERE runnable_since IS NOT NULL) AS pending,
           (SELECT count(*)::int FROM chat_runs WHERE worker_id IS NOT NULL) AS running`);
  return { pending: row?.pending ?? 0, running: row?.running ?? 0 };
}
