import { describe, expect, test } from "vitest";
import { parseDiffLines } from "@/components/chat/diff-lines";
import { parsePartialJson } from "@/components/chat/partial-json";
import { advanceReveal, isRevealDue, MAX_LAG_CHARS, redrawMs, sliceGraphemes } from "@/components/chat/smooth-text";

describe("smoothing", () => {
  test("30: text is never held back by more than 120 characters", () => {
    const shown = advanceReveal({ shown: 0, length: 10_000, elapsedMs: 16 });
    expect(10_000 - shown).toBeLessThanOrEqual(MAX_LAG_CHARS);
  });

  test("30: also not where a long text is drawn seldom: it is drawn at once when more has come", () => {
    const everyMs = redrawMs(9);
    const state = { shown: 1_000, length: 1_000 + MAX_LAG_CHARS, elapsedMs: 16, everyMs };
    expect(isRevealDue(state)).toBe(false);
    expect(isRevealDue({ ...state, length: state.length + 1 })).toBe(true);
    expect(isRevealDue({ ...state, elapsedMs: everyMs })).toBe(true);
    const shown = advanceReveal({ ...state, length: 10_000 });
    expect(10_000 - shown).toBeLessThan(MAX_LAG_CHARS);
  });

  test("a text that is quick to draw is drawn at every frame, one that is slow ten times a second", () => {
    expect(redrawMs(1)).toBeLessThan(16);
    expect(redrawMs(200)).toBe(100);
  });

  test("text that has arrived is shown in the end and never beyond it", () => {
    let shown = 0;
    for (let frame = 0; frame < 120; frame += 1) shown = advanceReveal({ shown, length: 100, elapsedMs: 16 });
    expect(shown).toBe(100);
  });

  test("no grapheme is cut", () => {
    const family = "a👨‍👩‍👧‍👦b";
    expect(sliceGraphemes(family, 4)).toBe("a");
    expect(sliceGraphemes(family, family.length)).toBe(family);
  });
});

describe("partial JSON", () => {
  test.each([
    ['{"command":"npm te', { command: "npm te" }],
    ['{"command":"a\\', { command: "a" }],
    ['{"edits":[{"path":"x","old', { edits: [{ path: "x" }] }],
    ['{"a":1,"b', { a: 1 }],
    ['{"a":', { a: null }],
    ["{", {}],
    ["", undefined],
  ])("%s reads as far as it goes", (text, value) => {
    expect(parsePartialJson(text)).toEqual(value);
  });
});

describe("diff lines", () => {
  test("numbers, signs and the words that changed", () => {
    const lines = parseDiffLines("--- a/x\n+++ b/x\n@@ -41,2 +41,3 @@\n one\n-let two = 2;\n+let two = 3;\n");
    expect(lines).toEqual([
      { kind: "hunk", text: "@@ -41,2 +41,3 @@" },
      { kind: "context", text: "one", oldLine: 41, newLine: 41, changed: null },
      { kind: "deleted", text: "let two = 2;", oldLine: 42, newLine: null, changed: [10, 11] },
      { kind: "added", text: "let two = 3;", oldLine: null, newLine: 42, changed: [10, 11] },
    ]);
  });

  test("a deleted line that begins with dashes is a line, not a header", () => {
    expect(parseDiffLines("@@ -1,1 +0,0 @@\n--- x")).toMatchObject([
      { kind: "hunk" },
      { kind: "deleted", text: "-- x" },
    ]);
  });

  test("lines that share nothing are not marked word by word", () => {
    expect(parseDiffLines("@@ -1 +1 @@\n-alpha\n+omegaz")).toMatchObject([{}, { changed: null }, { changed: null }]);
  });
});
