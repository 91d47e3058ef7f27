import { expect, test } from "vitest";
import { isOpenFile, listItems } from "@/components/git-panel/diff/diff-items";
import { type PatchFile, parsePatch } from "@/components/git-panel/diff/parse-patch";
import { isViewed, type ViewedMarks, withMark } from "@/components/git-panel/diff/viewed-marks";

const fileOf = (path: string, line: string): PatchFile =>
  parsePatch(`diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-old\n+${line}\n`)[0]!;
const place = { chatId: "c1", source: "pull" };
const marked = (file: PatchFile, marks: ViewedMarks = {}) => withMark(marks, { place, file, isViewed: true });

test("a mark is kept for its chat, its diff and its file, until the change is another one", () => {
  const marks = marked(fileOf("a.ts", "one"));
  expect(isViewed(marks, place, fileOf("a.ts", "one"))).toBe(true);
  expect(isViewed(marks, place, fileOf("a.ts", "two"))).toBe(false);
  expect(isViewed(marks, place, fileOf("b.ts", "one"))).toBe(false);
  expect(isViewed(marks, { ...place, source: "/workspace" }, fileOf("a.ts", "one"))).toBe(false);
  expect(isViewed(marks, { ...place, chatId: "c2" }, fileOf("a.ts", "one"))).toBe(false);
});

test("a mark is taken back, and the oldest of very many go", () => {
  const file = fileOf("a.ts", "one");
  expect(withMark(marked(file), { place, file, isViewed: false })).toEqual({});
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`c0 pull f${index}.ts`, "x"]));
  const marks = marked(fileOf("b.ts", "one"), { ...marked(file), ...many });
  expect(Object.keys(marks)).toHaveLength(2_000);
  expect(isViewed(marks, place, file)).toBe(false);
});

test("a viewed file is closed, unless it was opened after that", () => {
  const file = fileOf("a.ts", "one");
  const kinds = (toggled: ReadonlyMap<string, boolean>) =>
    listItems({ files: [file], toggled, isViewed: () => true, search: null, mode: "unified", adrift: [] }).map(
      ({ kind }) => kind,
    );
  expect(kinds(new Map())).toEqual(["jump", "head"]);
  expect(kinds(new Map([["a.ts", true]]))).toEqual(["jump", "head", "block"]);
  expect(isOpenFile(file, { toggled: new Map(), isViewed: () => false })).toBe(true);
});
