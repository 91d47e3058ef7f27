import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isInstalled } from "@/lib/server/install.mjs";
import { createTemporaryDirectory } from "../support/temporary-directory";

const root = await createTemporaryDirectory();
const write = (path: string, packages: object) => writeFileSync(join(root, path), JSON.stringify({ packages }));
const wanted = {
  "": { name: "product" },
  "node_modules/library": { version: "1.0.0" },
  "node_modules/other-platform": { version: "1.0.0", optional: true },
  "node_modules/test-tool": { version: "1.0.0", dev: true },
};

test("nothing is installed without node_modules", () => {
  write("package-lock.json", wanted);
  expect(isInstalled(root, { development: false })).toBe(false);
});

test("another platform's package may be missing, a test's only in production", () => {
  mkdirSync(join(root, "node_modules"));
  write("node_modules/.package-lock.json", { "node_modules/library": { version: "1.0.0" } });
  expect(isInstalled(root, { development: false })).toBe(true);
  expect(isInstalled(root, { development: true })).toBe(false);
});

test("a version that the lock file no longer names is not installed", () => {
  write("node_modules/.package-lock.json", { "node_modules/library": { version: "0.9.0" } });
  expect(isInstalled(root, { development: false })).toBe(false);
});
