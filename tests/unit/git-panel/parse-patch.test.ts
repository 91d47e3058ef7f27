import { expect, test } from "vitest";
import { pairLines, readBlock } from "@/components/git-panel/diff/block-rows";
import { listItems } from "@/components/git-panel/diff/diff-items";
import { type PatchFile, parsePatch } from "@/components/git-panel/diff/parse-patch";
import { quoteLines, showsPlace } from "@/components/git-panel/review/quote-lines";

const one = (patch: string): PatchFile => {
  const [file] = parsePatch(patch);
  if (!file) throw new Error("The patch has no file.");
  return file;
};

const CHANGED = `diff --git a/src/deliver.ts b/src/deliver.ts
index 1..2 100644
--- a/src/deliver.ts
+++ b/src/deliver.ts
@@ -40,5 +40,6 @@ deliverNext()
 return db.transaction(async (tx) => {
-  const res = await post(job);
-  if (!res.ok) return fail(tx, id);
+  const res = await post(job, limits);
+  if (res.ok) return done(tx, id);
+  const tries = job.attempt + 1;
   return job.id;
 });
`;

test("a changed file has its path, its counts and its lines with numbers of both sides", () => {
  const file = one(CHANGED);
  expect(file).toMatchObject({ path: "src/deliver.ts", oldPath: null, kind: "changed", additions: 3, deletions: 2 });
  const [block] = file.blocks;
  expect(block).toMatchObject({ oldStart: 40, oldEnd: 45, newStart: 40, newEnd: 46, unifiedRows: 8, splitRows: 6 });
  const lines = readBlock(block as never);
  expect(lines.map(({ kind, oldLine, newLine }) => [kind, oldLine, newLine])).toEqual([
    ["context", 40, 40],
    ["deleted", 41, null],
    ["deleted", 42, null],
    ["added", null, 41],
    ["added", null, 42],
    ["added", null, 43],
    ["context", 43, 44],
    ["context", 44, 45],
  ]);
  expect(pairLines(lines)).toHaveLength(6);
});

test("created, deleted, renamed, binary, mode-only and quoted files are told apart", () => {
  const patch = [
    "diff --git a/new b/new\nnew file mode 100644\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+a\n\\ No newline at end of file",
    "diff --git a/old b/old\ndeleted file mode 100644\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-a",
    "diff --git a/from x b/to x\nsimilarity index 100%\nrename from from x\nrename to to x",
    "diff --git a/logo.png b/logo.png\nindex 1..2\nBinary files a/logo.png and b/logo.png differ",
    "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755",
    'diff --git "a/gr\\303\\274n \\"x\\".ts" "b/gr\\303\\274n \\"x\\".ts"\n--- "a/gr\\303\\274n \\"x\\".ts"\n+++ "b/gr\\303\\274n \\"x\\".ts"\n@@ -1 +1 @@\n-a\n+b',
    "",
  ].join("\n");
  expect(parsePatch(patch).map(({ path, oldPath, kind, isBinary }) => [path, oldPath, kind, isBinary])).toEqual([
    ["new", null, "added", false],
    ["old", null, "deleted", false],
    ["to x", "from x", "renamed", false],
    ["logo.png", null, "changed", true],
    ["run.sh", null, "changed", false],
    ['grün "x".ts', null, "changed", false],
  ]);
});

test("a line of content that looks like a head stays content", () => {
  const file = one("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/y\n+++ b/y\n diff --git a/z b/z\n");
  expect(file).toMatchObject({ path: "x", additions: 1, deletions: 1 });
  expect(parsePatch("nonsense\nof any kind")).toEqual([]);
  expect(parsePatch("")).toEqual([]);
});

test("a long file comes in blocks whose line numbers go on", () => {
  const lines = Array.from({ length: 1_000 }, (_, index) => `+line ${index + 1}`).join("\n");
  const file = one(`diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1,1000 @@\n${lines}\n`);
  expect(file.additions).toBe(1_000);
  expect(file.blocks.length).toBeGreaterThan(5);
  expect(file.blocks.flatMap((block) => readBlock(block).map((line) => line.newLine))).toEqual(
    Array.from({ length: 1_000 }, (_, index) => index + 1),
  );
});

test("a line of a million characters is drawn by its beginning", () => {
  const file = one(`diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+${"x".repeat(1_000_000)}\n`);
  expect(readBlock(file.blocks[0] as never)[0]?.text).toMatch(/^x{2000} … 998000 more characters$/);
});

test("4 MiB in 10,000 files are read at once", () => {
  const file = (index: number) =>
    `diff --git a/f${index} b/f${index}\n--- a/f${index}\n+++ b/f${index}\n@@ -1,9 +1,9 @@\n${" context line of code\n".repeat(8)}-before ${"x".repeat(80)}\n+after ${"y".repeat(80)}\n`;
  const patch = Array.from({ length: 10_000 }, (_, index) => file(index)).join("");
  expect(patch.length).toBeGreaterThan(4 * 1024 * 1024);
  const files = parsePatch(patch);
  expect(files).toHaveLength(10_000);
  const items = listItems({
    files,
    toggled: new Map(),
    isViewed: () => false,
    search: null,
    mode: "split",
    adrift: [],
  });
  // Five names, the row that opens the rest, a head and a block for each.
  expect(items).toHaveLength(20_006);
});

test("large and binary files are closed until they are asked for", () => {
  const large = { ...one(CHANGED), additions: 5_000 };
  const closed = listItems({
    files: [large],
    toggled: new Map(),
    isViewed: () => false,
    search: null,
    mode: "unified",
    adrift: [],
  });
  expect(closed.map((item) => item.kind)).toEqual(["jump", "head", "note"]);
  const toggled = new Map([[large.path, true]]);
  const opened = listItems({
    files: [large],
    toggled,
    isViewed: () => false,
    search: null,
    mode: "unified",
    adrift: [],
  });
  expect(opened.map((item) => item.kind)).toEqual(["jump", "head", "block"]);
});

test("a comment quotes the lines of its side, and knows when the diff lost them", () => {
  const file = one(CHANGED);
  const place = { source: "pull", path: file.path };
  expect(quoteLines(file, { ...place, side: "new", startLine: 41, endLine: 42 })).toBe(
    "  const res = await post(job, limits);\n  if (res.ok) return done(tx, id);",
  );
  expect(quoteLines(file, { ...place, side: "old", startLine: 42, endLine: 42 })).toBe(
    "  if (!res.ok) return fail(tx, id);",
  );
  expect(showsPlace(file, { ...place, side: "old", startLine: 44, endLine: 44 })).toBe(true);
  expect(showsPlace(file, { ...place, side: "old", startLine: 45, endLine: 45 })).toBe(false);
});
