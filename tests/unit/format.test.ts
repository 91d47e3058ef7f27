import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatClock,
  formatDuration,
  formatExactTime,
  formatMoney,
  formatPlural,
  formatPrice,
  formatRelativeTime,
  formatTokenLimit,
  formatTokens,
  isTimeZone,
} from "@/lib/format";

describe("relative time", () => {
  const at = "2026-11-23T12:00:00.123456Z";
  const after = (ms: number) => formatRelativeTime(at, Date.parse(at) + ms);

  test.each([
    [0, "now"],
    [-5_000, "now"],
    [59_999, "now"],
    [60_000, "1m"],
    [59 * 60_000, "59m"],
    [3_600_000, "1h"],
    [86_399_000, "23h"],
    [2 * 86_400_000, "2d"],
    [29 * 86_400_000, "29d"],
    [30 * 86_400_000, "4w"],
    [800 * 86_400_000, "2y"],
  ])("%d ms ago is %s", (ms, text) => expect(after(ms)).toBe(text));

  test("a time that does not parse is now, not NaN", () => expect(formatRelativeTime("", 0)).toBe("now"));
});

test("the exact time names UTC only when it is UTC", () => {
  expect(formatExactTime("2026-11-23T23:05:09Z", "UTC")).toBe("Mon 23 Nov 2026, 23:05:09 UTC");
  expect(formatExactTime("2026-11-23T23:05:09Z", "Europe/Berlin")).toBe("Tue 24 Nov 2026, 00:05:09");
});

test("a zone from a cookie is checked before it is used", () => {
  expect(isTimeZone("Europe/Berlin")).toBe(true);
  expect(isTimeZone("Europe/Atlantis")).toBe(false);
});

test.each([
  [null, "Unpriced"],
  [0, "$0.00"],
  [1, "<$0.0001"],
  [49, "<$0.0001"],
  [50, "$0.0001"],
  [4_200, "$0.0042"],
  [10_000, "$0.01"],
  [410_000, "$0.41"],
  [1_234_567_890, "$1,234.57"],
  [-2_500_000, "\u2212$2.50"],
])("%s micro-dollars read %s", (micros, text) => expect(formatMoney(micros)).toBe(text));

test.each([
  [null, "–"],
  [0, "0"],
  [9_999, "9,999"],
  [10_000, "10K"],
  [612_400, "612K"],
  [999_499, "999K"],
  [999_500, "1.0M"],
  [4_200_000, "4.2M"],
  [999_949_999, "999.9M"],
  [999_950_000, "1.00B"],
  [1_720_000_000, "1.72B"],
])("%s tokens read %s", (tokens, text) => expect(formatTokens(tokens)).toBe(text));

test.each([
  [512, "512"],
  [200_000, "200K"],
  [1_000_000, "1M"],
  [1_048_576, "1.05M"],
  [32_768, "32.8K"],
])("a limit of %d tokens reads %s", (tokens, text) => expect(formatTokenLimit(tokens)).toBe(text));

test.each([
  [420, "0.4 s"],
  [12_400, "12.4 s"],
  [59_960, "1 min"],
  [192_000, "3 min 12 s"],
  [7_500_000, "2 h 5 min"],
])("%d ms last %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [48_900, "0:48"],
  [725_000, "12:05"],
  [3_723_000, "1:02:03"],
])("a clock shows %d ms as %s", (ms, text) => expect(formatClock(ms)).toBe(text));

test.each([
  [512, "512 B"],
  [49_152, "48 KB"],
  [1_468_006, "1.4 MB"],
  [1_048_570, "1 MB"],
  [5 * 1024 ** 3, "5 GB"],
])("%d bytes read %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test.each([
  ["3", "3.00"],
  ["3.5", "3.50"],
  ["3.000", "3.000"],
  ["0.125", "0.125"],
  ["0", "0.00"],
  ["1234567", "1234567.00"],
  ["0.000000000000000000000000000001", "0.000000000000000000000000000001"],
  [null, "n/a"],
])("a price of %s keeps every digit that was typed and shows two at least: %s", (price, text) =>
  expect(formatPrice(price)).toBe(text),
);

test("one has no s", () => {
  expect(formatPlural(1, "file")).toBe("1 file");
  expect(formatPlural(1_200, "file")).toBe("1,200 files");
});
