import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { failpoint } from "@/lib/failpoint";
import { createHook, setHook } from "../support/failpoints.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

function arm(arming: Parameters<typeof createHook>[0]) {
  const passed: string[] = [];
  setHook(createHook(arming, (mark) => passed.push(mark)));
  onTestFinished(() => setHook(undefined));
  return passed;
}

test("without a hook a failpoint is its work, and nothing in the product sets one", async () => {
  const promise = Promise.resolve(1);
  expect(failpoint("a", () => promise)).toBe(promise);
  const sources = globSync("{app,components,db,lib}/**/*.{ts,tsx,mjs}", { cwd: root });
  const naming = sources.filter((file) => readFileSync(`${root}/${file}`, "utf8").includes("slipway.failpoint"));
  expect(naming).toEqual(["lib/failpoint.ts"]);
});

test("a failpoint throws before its work or after it, by name and kind", async () => {
  let done = 0;
  const work = async () => {
    done += 1;
    return done;
  };
  arm(() => ({ mark: "a.x", phase: "before", action: "throw" }));
  expect(() => failpoint("a", work, "x")).toThrow("Failpoint a.x, before");
  expect(done).toBe(0);
  expect(await failpoint("a", work, "y")).toBe(1);
  const passed = arm(() => ({ mark: "a.x", phase: "after", action: "throw" }));
  await expect(failpoint("a", work, "x")).rejects.toThrow("Failpoint a.x, after");
  expect(done).toBe(2);
  expect(passed).toEqual(["a.x"]);
});

test("a failpoint that hangs never ends", async () => {
  arm(() => ({ mark: "a", phase: "after", action: "hang" }));
  const ended = Promise.resolve(failpoint("a", async () => 1)).then(() => "ended");
  expect(await Promise.race([ended, new Promise((resolve) => setImmediate(() => resolve("hangs")))])).toBe("hangs");
});
