import { describe, expect, test } from "vitest";
import { retryDelayMs } from "@/lib/agent/retry";
import { failure } from "@/tests/support/scripted-turn";

const limits = { maxAttempts: 25 };
const delay = (failedAttempts: number, random = 1, reason = failure()) =>
  retryDelayMs({ failure: reason, failedAttempts, random: () => random, limits });

test.each([
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [6, 32_000],
  [7, 60_000],
  [24, 60_000],
])("after %i failures the pause is at most %i ms", (failedAttempts, ceilingMs) => {
  expect(delay(failedAttempts)).toBe(ceilingMs);
  expect(delay(failedAttempts, 0)).toBe(0);
  expect(delay(failedAttempts, 0.25)).toBe(ceilingMs / 4);
});

test("the 25th failure is the last", () => {
  expect(delay(25)).toBeNull();
});

test("what cannot be retried is not", () => {
  expect(delay(1, 1, failure({ retryable: false }))).toBeNull();
});

describe("Retry-After", () => {
  test("is a minimum", () => {
    expect(delay(1, 1, failure({}, 30_000))).toBe(30_000);
    expect(delay(7, 1, failure({}, 30_000))).toBe(60_000);
  });

  test("of more than an hour is not waited for", () => {
    expect(delay(1, 1, failure({}, 3_600_000))).toBe(3_600_000);
    expect(delay(1, 1, failure({}, 3_600_001))).toBeNull();
  });
});
