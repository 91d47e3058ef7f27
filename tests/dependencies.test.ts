import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("package.json"));
const groups = ["dependencies", "optionalDependencies", "devDependencies"] as const;
const dependencies: [string, string][] = groups.flatMap((group) => Object.entries<string>(manifest[group] ?? {}));

test("every dependency has an exact version", () => {
  expect(dependencies.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

test("ARCHITECTURE.md says why each dependency is there", () => {
  const text = read("ARCHITECTURE.md").split("## Dependencies")[1] ?? "";
  expect(dependencies.filter(([name]) => !text.includes(`\`${name}\``)).map(([name]) => name)).toEqual([]);
});
