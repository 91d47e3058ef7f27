/** The range that a usage page's address asks for, in days of the reader's zone. Pure. */
import { z } from "zod";
import { addDays, countDays, dayOf, formatOffset, startOfDay } from "./zoned-days";

export const PRESET_DAYS = [7, 30, 90] as const;

export type UsageRange = {
  /** Null: days of one's own choice. */
  presetDays: number | null;
  firstDay: string;
  lastDay: string;
  dayCount: number;
  timeZone: string;
  /** `UTC`, or `Europe/Berlin, UTC+01:00`. */
  zoneLabel: string;
  /** RFC 3339; no end: until now. */
  start: string;
  end: string | null;
};

/** A chart has room for a bar a day for about a year; a wider range is a mistake. */
const MAX_DAYS = 3_660;

const daySchema = z.iso.date().refine((day) => day >= "1970-01-02" && day < "9999-01-01");
const searchSchema = z.object({
  days: z.enum(["7", "30", "90"]).optional().catch(undefined),
  from: daySchema.optional().catch(undefined),
  to: daySchema.optional().catch(undefined),
});

/** What is missing, reversed or no date falls back to the last 30 days. */
export function parseUsageRange(
  search: Record<string, unknown>,
  { nowMs, timeZone }: { nowMs: number; timeZone: string },
): UsageRange {
  const { days, from, to } = searchSchema.parse(search);
  const today = dayOf(nowMs, timeZone);
  const isCustom = from !== undefined && to !== undefined && from <= to && countDays(from, to) <= MAX_DAYS;
  const presetDays = isCustom ? null : Number(days ?? 30);
  const firstDay = isCustom ? from : addDays(today, 1 - (presetDays ?? 30));
  const lastDay = isCustom ? to : today;
  const startMs = startOfDay(firstDay, timeZone);
  const offset = formatOffset(startMs, timeZone);
  return {
    presetDays,
    firstDay,
    lastDay,
    dayCount: countDays(firstDay, lastDay),
    timeZone,
    zoneLabel: timeZone === "UTC" ? "UTC" : `${timeZone.replaceAll("_", " ")}, ${offset}`,
    start: new Date(startMs).toISOString(),
    end: lastDay >= today ? null : new Date(startOfDay(addDays(lastDay, 1), timeZone)).toISOString(),
  };
}

/** The address' part that says the range again. */
export const rangeSearch = ({ presetDays, firstDay, lastDay }: UsageRange): Record<string, string> =>
  presetDays === null ? { from: firstDay, to: lastDay } : { days: String(presetDays) };
