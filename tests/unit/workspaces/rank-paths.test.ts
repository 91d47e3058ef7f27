import { expect, test } from "vitest";
import { rankPaths } from "@/lib/workspaces/agent/find-files";

const PATHS = ["docs/user.md", "src/deep/user-list.ts", "src/superuser.ts", "user/readme.md", "src/other.ts"];

test("names that begin with the text come first, then names that hold it, then paths; shorter before longer", () => {
  expect(rankPaths(PATHS, "USER")).toEqual([
    "docs/user.md",
    "src/deep/user-list.ts",
    "src/superuser.ts",
    "user/readme.md",
  ]);
});

test("an empty text finds everything, and one that is nowhere nothing", () => {
  expect(rankPaths(PATHS, "")).toHaveLength(5);
  expect(rankPaths(PATHS, "zzz")).toEqual([]);
});
