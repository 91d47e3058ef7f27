import { expect, test } from "vitest";
import { parseUsageRange, rangeSearch } from "@/lib/usage-range";

const nowMs = Date.parse("2026-11-27T23:30:00Z");
const parse = (search: Record<string, unknown>, timeZone = "UTC") => parseUsageRange(search, { nowMs, timeZone });

test("without anything it is the last thirty days, until now", () => {
  expect(parse({})).toMatchObject({
    presetDays: 30,
    firstDay: "2026-10-29",
    lastDay: "2026-11-27",
    dayCount: 30,
    zoneLabel: "UTC",
    start: "2026-10-29T00:00:00.000Z",
    end: null,
  });
});

test("today is the reader's", () => {
  expect(parse({ days: "7" }, "Europe/Berlin")).toMatchObject({
    firstDay: "2026-11-22",
    lastDay: "2026-11-28",
    start: "2026-11-21T23:00:00.000Z",
    zoneLabel: "Europe/Berlin, UTC+01:00",
  });
});

test("days of one's own end before the day after them", () => {
  const range = parse({ from: "2026-03-28", to: "2026-03-29" }, "Europe/Berlin");
  expect(range).toMatchObject({ presetDays: null, dayCount: 2, start: "2026-03-27T23:00:00.000Z" });
  expect(range.end).toBe("2026-03-29T22:00:00.000Z");
  expect(rangeSearch(range)).toEqual({ from: "2026-03-28", to: "2026-03-29" });
});

test("one day is a range, and ten years are", () => {
  expect(parse({ from: "2026-11-01", to: "2026-11-01" }).dayCount).toBe(1);
  expect(parse({ from: "2016-11-28", to: "2026-11-27" }).dayCount).toBe(3_652);
});

test("a range that goes on after today has no end", () => {
  expect(parse({ from: "2026-11-01", to: "2026-12-31" }).end).toBeNull();
});

test.each([
  { from: "2026-11-02", to: "2026-11-01" },
  { from: "2026-02-30", to: "2026-03-01" },
  { from: "2000-01-01", to: "2026-01-01" },
  { from: "2026-11-01" },
  { to: "2026-11-01" },
  { from: ["2026-11-01", "2026-11-02"], to: "2026-11-03" },
  { from: "0001-01-01", to: "0001-01-02" },
  { from: "99999-01-01", to: "99999-01-02" },
  { days: "31" },
  { days: "-7" },
  { days: ["7", "30"] },
])("%j falls back to the last thirty days", (search) => {
  const range = parse(search);
  expect(range).toMatchObject({ presetDays: 30, dayCount: 30 });
  expect(rangeSearch(range)).toEqual({ days: "30" });
});
