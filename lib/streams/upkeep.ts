/** What happens by the clock while streams are open: heartbeats, repair of lost hints, the end of lost access. */
import type { SqlExecutor } from "@/db/client";
import { listLostCredentials, listVersions, type SeenVersion } from "@/db/queries/streams";
import type { Clock } from "@/lib/clock";
import { log } from "@/lib/log";
import type { Connection } from "./connection";

const TICK_MS = 1_000;
/** A comment every 15 s keeps proxies from ending a quiet stream and finds dead sockets. */
const TICKS_PER_BEAT = 15;
/** Lost access ends a stream within 5 s. */
const TICKS_PER_ACCESS_CHECK = 4;

export type Upkeep = { start(): void; stop(): void };

/** Runs from the first `start` until no connection is open; then it waits for the next `start`. */
export function createUpkeep(options: {
  sql: SqlExecutor;
  clock: Clock;
  connections: () => Iterable<Connection>;
  watched: () => { chatIds: string[]; ownerIds: string[] };
  onVersion: (seen: SeenVersion) => void;
  credentialIds: () => string[];
  onLost: (credentialIds: Set<string>) => void;
  onTick: () => void;
}): Upkeep {
  const { sql, clock } = options;
  const stopping = new AbortController();
  /** Connections by the tick, modulo 15, at which they began: beats spread over time. */
  const births = new WeakMap<Connection, number>();
  let tick = 0;
  let isRunning = false;
  let isChecking = false;
  let checkedAccessAt = 0;

  const beat = (): number => {
    let count = 0;
    for (const connection of [...options.connections()]) {
      count += 1;
      const birth = births.get(connection);
      if (birth === undefined) births.set(connection, tick);
      else if ((tick - birth) % TICKS_PER_BEAT === 0) connection.beat();
    }
    return count;
  };

  const repair = async () => {
    const watched = options.watched();
    if (watched.chatIds.length + watched.ownerIds.length === 0) return;
    for (const seen of await listVersions(sql, watched)) options.onVersion(seen);
  };

  const checkAccess = async () => {
    const lost = await listLostCredentials(sql, { credentialIds: options.credentialIds() });
    if (lost.length > 0) options.onLost(new Set(lost));
  };

  // One check at a time: a database that does not answer neither stops the heartbeats nor piles up questions.
  const check = async () => {
    if (isChecking) return;
    isChecking = true;
    try {
      await repair();
      if (tick - checkedAccessAt >= TICKS_PER_ACCESS_CHECK) {
        checkedAccessAt = tick;
        await checkAccess();
      }
    } catch (err) {
      log.warn("streams not checked", { err });
    } finally {
      isChecking = false;
    }
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      tick += 1;
      if (beat() === 0) break;
      void check();
      options.onTick();
      await clock.sleep(TICK_MS, stopping.signal).catch(() => undefined);
    }
    isRunning = false;
  };

  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      void run();
    },
    stop: () => stopping.abort(),
  };
}
