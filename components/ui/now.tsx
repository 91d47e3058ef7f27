"use client";

import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from "react";
import { TIME_ZONE_COOKIE } from "./time-zone";

type ServerClock = { nowMs: number; timeZone: string };

const ServerClockContext = createContext<ServerClock>({ nowMs: 0, timeZone: "UTC" });

/** Minute texts do not need more; countdowns tick in their own leaf. */
const TICK_MS = 15_000;

let currentMs = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    currentMs = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function readNow(): number {
  if (Date.now() - currentMs >= TICK_MS) currentMs = Date.now();
  return currentMs;
}

/** Milliseconds since the epoch, renewed every 15 s. While hydrating it is the time at which the server rendered. */
export function useNow(): number {
  const server = useContext(ServerClockContext);
  return useSyncExternalStore(subscribe, readNow, () => server.nowMs);
}

const neverChanges = () => () => {};

/** The platform takes as long to say it as a row takes to be drawn, and every row with a time asks. */
const ZONE_FRESH_MS = 60_000;

let knownZone = "UTC";
let zoneReadAtMs = Number.NEGATIVE_INFINITY;

function readTimeZone(): string {
  const nowMs = Date.now();
  if (Math.abs(nowMs - zoneReadAtMs) >= ZONE_FRESH_MS) {
    knownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    zoneReadAtMs = nowMs;
  }
  return knownZone;
}

/**
 * What `select` makes of the time, a text or another plain value. Who calls it is drawn again when that changes and not
 * at every tick: a list of thousands has one ticker and few rows whose text moved.
 */
export function useNowPart<Value extends string | number | boolean | null | undefined>(
  select: (nowMs: number) => Value,
): Value {
  const server = useContext(ServerClockContext);
  return useSyncExternalStore(
    subscribe,
    () => select(readNow()),
    () => select(server.nowMs),
  );
}

/** The reader's time zone. While hydrating it is the one that the server was told. */
export function useTimeZone(): string {
  const server = useContext(ServerClockContext);
  return useSyncExternalStore(neverChanges, readTimeZone, () => server.timeZone);
}

/** Gives the server's time and zone to hydration, and tells the server the reader's zone for the next page. */
export function ServerClockProvider({ nowMs, timeZone, children }: ServerClock & { children: ReactNode }) {
  useEffect(() => {
    const zone = readTimeZone();
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
    if (zone !== timeZone) document.cookie = `${TIME_ZONE_COOKIE}=${zone}; path=/; max-age=31536000; samesite=lax`;
  }, [timeZone]);
  return <ServerClockContext value={{ nowMs, timeZone }}>{children}</ServerClockContext>;
}
