/** Days of a time zone as instants. Pure: the zone and the time come from the caller. */
import { dateFormat } from "./date-formats";

const DAY_MS = 86_400_000;

/** `2026-11-23` in the zone. */
export function dayOf(atMs: number, timeZone: string): string {
  // Swedish writes dates as ISO does.
  return dateFormat("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(atMs);
}

/**
 * The instant at which a day begins in the zone, in milliseconds since the epoch; the first one after a midnight that a
 * change of clocks skips. @throws RangeError for a day that is none.
 */
export function startOfDay(day: string, timeZone: string): number {
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnightMs)) throw new RangeError(`${day} is not a day.`);
  // No zone is more than 15 hours from UTC; offsets change by whole quarters of an hour.
  let [before, after] = [midnightMs - 15 * 3_600_000, midnightMs + 15 * 3_600_000];
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2_000) * 1_000;
    if (dayOf(middle, timeZone) < day) before = middle;
    else after = middle;
  }
  return after;
}

/** The day so many days later, or earlier. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Days from the first to the last, both included. */
export const countDays = (first: string, last: string): number =>
  Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;

/** `UTC+01:00` at that instant. */
export function formatOffset(atMs: number, timeZone: string): string {
  const parts = dateFormat("en-GB", { timeZone, timeZoneName: "longOffset" }).formatToParts(atMs);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  return name.replace("GMT", "UTC").replace("-", "\u2212");
}
