/** Hints between processes through PostgreSQL's NOTIFY. May lose and double them; says `resync` when it knows of a loss. */
import type { Sql } from "postgres";
import { createListener, notify } from "@/db/notifications";
import type { Clock } from "./clock";
import { newId } from "./ids";
import { log } from "./log";
import type { Hint, HintRelay } from "./pubsub";

/** What is published within 5 ms goes out together: at most 200 statements a second, whatever the number of chats. */
const COALESCE_MS = 5;
/** Below PostgreSQL's limit of 8,000 bytes; hints are ASCII. */
const MAX_PAYLOAD_CHARS = 7_900;
/** Hints that wait while the database does not answer; more are dropped, and a `resync` follows. */
const MAX_WAITING = 10_000;
/** A pooler in transaction mode accepts LISTEN and delivers nothing: the connection must prove itself. */
const PROBE_INTERVAL_MS = 5_000;
const MAX_MISSED_PROBES = 2;
const MAX_RECONNECT_DELAY_MS = 5_000;

/** `o`: the process that sent it; `h`: hints; `p`: a probe of its sender. */
type Payload = { o: string; h?: Hint[]; p?: number };

/** Starts at once. `deliver` gets what other processes published. */
export function createHintRelay(options: { sql: Sql; clock: Clock; deliver: (hint: Hint) => void }): HintRelay {
  const { sql, clock, deliver } = options;
  const origin = newId();
  const closing = new AbortController();
  const outbox = createOutbox({ sql, clock, origin });
  const receive = (payload: string, onProbe: (n: number) => void) => {
    const message = JSON.parse(payload) as Payload;
    if (message.o !== origin) for (const hint of message.h ?? []) deliver(hint);
    else if (message.p !== undefined) onProbe(message.p);
  };
  const running = keepListening({ sql, clock, origin, signal: closing.signal, receive, deliver });
  return {
    send: outbox.add,
    async close() {
      closing.abort(new Error("the relay is closed"));
      await Promise.all([running, outbox.drain()]);
    },
  };
}

function createOutbox({ sql, clock, origin }: { sql: Sql; clock: Clock; origin: string }) {
  let waiting = new Map<string, Hint>();
  let sending: Promise<void> | undefined;
  let hasLost = false;

  const send = async () => {
    while (waiting.size > 0) {
      await clock.sleep(COALESCE_MS);
      const batch = [...(hasLost ? [{ type: "resync" } as const] : []), ...waiting.values()];
      waiting = new Map();
      try {
        await notify(sql, { payloads: toPayloads(origin, batch) });
        hasLost = false;
      } catch (err) {
        hasLost = true;
        log.warn("hints not sent", { count: batch.length, err });
      }
    }
    sending = undefined;
  };

  return {
    add(hint: Hint) {
      if (waiting.size < MAX_WAITING) waiting.set(keyOf(hint), hint);
      else hasLost = true;
      sending ??= send();
    },
    drain: async () => sending,
  };
}

/** The same news twice in one batch is sent once. */
const keyOf = (hint: Hint): string =>
  hint.type === "chat" ? `${hint.chatId} ${hint.version} ${hint.watch.join()}` : JSON.stringify(hint);

/** Hints packed into as few payloads as the limit allows. */
export function toPayloads(origin: string, hints: readonly Hint[]): string[] {
  const payloads: string[] = [];
  let packed: string[] = [];
  let size = 0;
  const close = () => {
    if (packed.length > 0) payloads.push(`{"o":"${origin}","h":[${packed.join()}]}`);
    packed = [];
    size = origin.length + 20;
  };
  close();
  for (const hint of hints) {
    const text = JSON.stringify(hint);
    if (size + text.length + 1 > MAX_PAYLOAD_CHARS) close();
    packed.push(text);
    size += text.length + 1;
  }
  close();
  return payloads;
}

async function keepListening(options: {
  sql: Sql;
  clock: Clock;
  origin: string;
  signal: AbortSignal;
  receive: (payload: string, onProbe: (n: number) => void) => void;
  deliver: (hint: Hint) => void;
}): Promise<void> {
  const { clock, signal, deliver } = options;
  for (let failures = 0; !signal.aborted; ) {
    const lost = new AbortController();
    let lastProbe = 0;
    const listener = createListener(options.sql, {
      onPayload: (payload) =>
        options.receive(payload, (n) => {
          lastProbe = n;
        }),
      onClose: () => lost.abort(new Error("the connection closed")),
    });
    try {
      await listener.start();
      // What was published while nobody listened is lost; also before the first time, since others run already.
      deliver({ type: "resync" });
      failures = 0;
      await probe({ ...options, signal: AbortSignal.any([signal, lost.signal]), lastProbe: () => lastProbe });
    } catch (err) {
      if (!signal.aborted) log.warn("hints of other processes are not heard", { err });
    }
    await listener.end().catch(() => undefined);
    failures += 1;
    const delayMs = Math.min(50 * 2 ** failures, MAX_RECONNECT_DELAY_MS);
    await clock.sleep(delayMs, signal).catch(() => undefined);
  }
}

/** Rejects when the connection is gone or delivers nothing. */
async function probe(options: {
  sql: Sql;
  clock: Clock;
  origin: string;
  signal: AbortSignal;
  lastProbe: () => number;
}): Promise<never> {
  for (let n = 1; ; n += 1) {
    const payload: Payload = { o: options.origin, p: n };
    await notify(options.sql, { payloads: [JSON.stringify(payload)] });
    await options.clock.sleep(PROBE_INTERVAL_MS, options.signal);
    if (n - options.lastProbe() >= MAX_MISSED_PROBES)
      throw new Error("LISTEN delivers nothing (a transaction pooler?)");
  }
}
