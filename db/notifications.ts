/** LISTEN and NOTIFY on one fixed channel. Carries text; what it means is the caller's. */
import postgres, { type Sql } from "postgres";
import type { SqlExecutor } from "./client";

/** One channel for everything: PostgreSQL before 19 wakes every listener of the database for every channel. */
const CHANNEL = "slipway_hints";

export type Listener = {
  /** Opens the connection and listens. Everything sent after it resolves is delivered. */
  start(): Promise<void>;
  end(): Promise<void>;
};

/** A connection of its own beside the pool. `onClose` hears that it is gone; `start` opens another. */
export function createListener(
  sql: Sql,
  options: { onPayload: (payload: string) => void; onClose: () => void },
): Listener {
  const settings = {
    // The driver takes its own parsed options back, as its own LISTEN connection does.
    ...sql.options,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    fetch_types: false,
    onnotify: (_channel: string, payload: string) => options.onPayload(payload),
    onclose: options.onClose,
  };
  const session = postgres(settings as unknown as postgres.Options<Record<string, never>>);
  return {
    start: async () => {
      await session`LISTEN ${session(CHANNEL)}`;
    },
    end: () => session.end({ timeout: 1 }),
  };
}

/** Sends payloads, each below 8,000 bytes, in one statement. Never inside a writing transaction: it would take a lock. */
export async function notify(executor: SqlExecutor, options: { payloads: string[] }): Promise<void> {
  await executor`SELECT pg_notify(${CHANNEL}, payload) FROM unnest(${options.payloads}::text[]) AS payload`;
}
