import { expect, test } from "vitest";
import { addDays, countDays, dayOf, formatOffset, startOfDay } from "@/lib/zoned-days";

const iso = (ms: number) => new Date(ms).toISOString();

test.each([
  ["UTC", "2026-03-01", "2026-03-01T00:00:00.000Z"],
  ["an hour ahead", "2026-03-01", "2026-02-28T23:00:00.000Z", "Europe/Berlin"],
  ["the short day of a change of clocks", "2026-03-29", "2026-03-28T23:00:00.000Z", "Europe/Berlin"],
  ["the day after it", "2026-03-30", "2026-03-29T22:00:00.000Z", "Europe/Berlin"],
  ["half an hour", "2026-03-01", "2026-02-28T18:30:00.000Z", "Asia/Kolkata"],
  ["three quarters", "2026-03-01", "2026-02-28T18:15:00.000Z", "Asia/Kathmandu"],
  ["a change of clocks by half an hour", "2026-04-06", "2026-04-05T13:30:00.000Z", "Australia/Lord_Howe"],
  ["the farthest east", "2026-03-01", "2026-02-28T10:00:00.000Z", "Pacific/Kiritimati"],
  ["the farthest west", "2026-03-01", "2026-03-01T11:00:00.000Z", "Pacific/Pago_Pago"],
  ["a midnight that clocks skip", "2024-04-26", "2024-04-25T22:00:00.000Z", "Africa/Cairo"],
  ["a midnight that comes twice", "2025-11-02", "2025-11-02T04:00:00.000Z", "America/Havana"],
  ["a day that was left out", "2011-12-30", "2011-12-30T10:00:00.000Z", "Pacific/Apia"],
])("a day begins with its first instant: %s", (_name, day, at, timeZone = "UTC") => {
  const start = startOfDay(day, timeZone);
  expect(iso(start)).toBe(at);
  expect(dayOf(start - 1, timeZone) < day).toBe(true);
  expect(dayOf(start, timeZone) >= day).toBe(true);
});

test("what is no day is refused", () => {
  expect(() => startOfDay("2026-13-01", "UTC")).toThrow(RangeError);
});

test("days are counted and added by the calendar, over leap days and years", () => {
  expect(addDays("2028-02-28", 2)).toBe("2028-03-01");
  expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
  expect(countDays("2026-03-01", "2026-03-01")).toBe(1);
  expect(countDays("2026-03-28", "2026-03-30")).toBe(3);
});

test("an offset is that of its instant", () => {
  expect(formatOffset(Date.parse("2026-01-01T00:00:00Z"), "Europe/Berlin")).toBe("UTC+01:00");
  expect(formatOffset(Date.parse("2026-07-01T00:00:00Z"), "Europe/Berlin")).toBe("UTC+02:00");
  expect(formatOffset(0, "UTC")).toBe("UTC+00:00");
  expect(formatOffset(Date.parse("2026-01-01T00:00:00Z"), "America/New_York")).toBe("UTC−05:00");
});
