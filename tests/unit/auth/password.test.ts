import { expect, test } from "vitest";
import { hashPassword, verifyPassword } from "@/lib/auth/password";

test("a password fits its own hash and no other", async () => {
  const hash = await hashPassword("correct horse");
  expect(hash).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
  expect(await verifyPassword("correct horse", hash)).toBe(true);
  expect(await verifyPassword("correct horsE", hash)).toBe(false);
  expect(await verifyPassword("", hash)).toBe(false);
});

test("the same password makes another hash every time", async () => {
  expect(await hashPassword("x")).not.toBe(await hashPassword("x"));
});

test("one letter may be typed in two ways", async () => {
  expect(await verifyPassword("e\u0301", await hashPassword("\u00e9"))).toBe(true);
});

test("no hash fits nothing, and takes as long", async () => {
  const hash = await hashPassword("x");
  const measure = async (stored: string | null) => {
    const startedAt = performance.now();
    expect(await verifyPassword("y", stored)).toBe(false);
    return performance.now() - startedAt;
  };
  const [known, unknown] = [await measure(hash), await measure(null)];
  expect(unknown).toBeGreaterThan(known / 5);
});

test("a hash of an unknown scheme is an error", async () => {
  await expect(verifyPassword("x", "md5$abc")).rejects.toThrow("unknown scheme md5");
});

test("beyond 130 at once people are asked to wait", async () => {
  const cheap = "scrypt$16$8$1$c2FsdHNhbHRzYWx0c2FsdA$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  const results = await Promise.allSettled(Array.from({ length: 140 }, () => verifyPassword("x", cheap)));
  const refused = results.filter((result) => result.status === "rejected");
  expect(refused).toHaveLength(10);
  expect(refused[0]?.reason).toMatchObject({ code: "unavailable" });
  expect(await verifyPassword("x", cheap)).toBe(false);
});
