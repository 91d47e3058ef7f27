import { expect, test } from "vitest";
import { createSignInLimit } from "@/lib/auth/sign-in-limit";

function createLimit() {
  let nowMs = 0;
  const limit = createSignInLimit(() => nowMs);
  const attempt = (account: string, sender: string, device?: string) => {
    try {
      return limit.countAttempt({ account, sender, device });
    } catch (error) {
      return (error as { headers: Record<string, string> }).headers["retry-after"];
    }
  };
  const advance = (ms: number) => {
    nowMs += ms;
  };
  return { limit, attempt, advance };
}

test("the wait is told in whole seconds and is over then", () => {
  const { attempt, advance } = createLimit();
  for (let index = 0; index < 5; index++) attempt("a", `s${index}`);
  advance(500);
  expect(attempt("a", "s")).toBe("60");
  advance(59_000);
  expect(attempt("a", "s")).toBe("1");
  advance(500);
  expect(attempt("a", "s")).toBeTypeOf("function");
});

test("a refused attempt does not lengthen the wait", () => {
  const { attempt, advance } = createLimit();
  for (let index = 0; index < 50; index++) attempt("a", "s");
  advance(60_000);
  expect(attempt("a", "s")).toBeTypeOf("function");
});

test("an account that is out of attempts costs its sender none", () => {
  const { attempt } = createLimit();
  for (let index = 0; index < 100; index++) attempt("a", "s");
  for (let index = 0; index < 15; index++) expect(attempt(`b${index}`, "s")).toBeTypeOf("function");
  expect(attempt("c", "s")).toBe("60");
});

test("a success gives its attempt back", () => {
  const { attempt } = createLimit();
  for (let index = 0; index < 100; index++) {
    const forgive = attempt("a", "s");
    if (typeof forgive !== "function") throw new Error("refused");
    forgive();
  }
});

test("memory is bounded, whoever comes; those who came last are remembered", () => {
  const { attempt, limit } = createLimit();
  for (let index = 0; index < 100_000; index++) attempt(`a${index}`, `s${index}`);
  expect(limit.windowCount()).toBeLessThanOrEqual(10_000);
  for (let index = 0; index < 4; index++) attempt("a99999", "s");
  expect(attempt("a99999", "s")).toBe("60");
});

test("refused attempts are not remembered", () => {
  const { attempt, limit } = createLimit();
  for (let index = 0; index < 1_000; index++) attempt(`a${index}`, "s");
  expect(limit.windowCount()).toBe(21);
});
