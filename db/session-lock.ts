/**
 * An advisory lock held for as long as a connection of its own lives: PostgreSQL lets go of it the moment the process
 * dies. Read by others in `pg_locks`; nobody waits for it.
 */
import postgres, { type Sql } from "postgres";

export type SessionLock = { close(): Promise<void> };

/** A dropped connection is made anew this soon: two looks of others, one second apart, must not both miss the lock. */
const RETAKE_MS = 200;

/** Takes the lock and retakes it whenever its connection is lost, until closed. Needs a direct connection, no pooler. */
export async function holdSessionLock(sql: Sql, { key }: { key: number }): Promise<SessionLock> {
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  const options = { ...sql.options, max: 1, idle_timeout: null, max_lifetime: null, onclose: retakeSoon };
  // The driver takes its own parsed options back, as its LISTEN connection does.
  const session = postgres(options as unknown as postgres.Options<Record<string, postgres.PostgresType>>);

  const take = () => session`SELECT pg_advisory_lock_shared(${key})`;

  function retakeSoon(): void {
    if (closed) return;
    clearTimeout(retry);
    retry = setTimeout(() => take().catch(retakeSoon), RETAKE_MS);
  }

  await take();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await session.end({ timeout: 1 });
    },
  };
}
