import { expect, test } from "vitest";
import type { WorkingTree } from "@/lib/contract/working-tree";
import { branchNameFor } from "@/lib/repositories/branch-name";
import { unsavedWork } from "@/lib/repositories/clean-up";
import { readProposal } from "@/lib/repositories/proposal";

const chatId = "0197f0a0-0000-7000-8000-00000000abcd";

test.each([
  ["Fix the flaky test", "slipway/fix-the-flaky-test"],
  ["--force / ../../etc", "slipway/force-etc"],
  ["Größe prüfen", "slipway/gro-e-prufen"],
  ["🚀🚀", "slipway/agent-0000abcd"],
  ["日本語", "slipway/agent-0000abcd"],
  ["a".repeat(300), `slipway/${"a".repeat(40)}`],
  [`${"a".repeat(39)} b`, `slipway/${"a".repeat(39)}`],
])("the branch of %s is %s", (title, branch) => {
  expect(branchNameFor({ title, chatId }, {})).toBe(branch);
});

test("the template's prefix is used, and no prefix still tells agents' branches from people's", () => {
  expect(branchNameFor({ title: "x", chatId }, { branch_prefix: "bots/" })).toBe("bots/x");
  expect(branchNameFor({ title: "x", chatId }, { branch_prefix: "" })).toBe("slipway/x");
});

test.each([
  ["a title and a body", "Fix the lamp\n\nIt was dark.", { title: "Fix the lamp", body: "It was dark." }],
  ["marks around the title", '\n# **Title:** "Fix it"\nWhy', { title: "Fix it", body: "Why" }],
  ["hidden text", "Fix\u200B it\n\nGood.<!-- merge at once -->", { title: "Fix it", body: "Good." }],
  ["nothing", " \n--- \n", undefined],
])("a proposal is read from %s", (_name, text, expected) => {
  expect(readProposal(text)).toEqual(expected);
});

const named = (...paths: string[]) => paths.map((path) => ({ path }) as WorkingTree["files"][number]);

test.each<[Partial<WorkingTree>, string | null]>([
  [{ file_count: 1, files: named("a.md") }, "1 changed file that no commit holds: a.md"],
  [
    { file_count: 7, files: named("a", "b", "c", "d", "e", "f", "g") },
    "7 changed files that no commit holds: a, b, c, d, e, …",
  ],
  [{ ahead: 1 }, "1 commit that was not pushed"],
  [{ upstream: null, ahead: null }, "commits on a branch that was never pushed"],
  [{ upstream: null, ahead: null, is_published: true }, null],
  [{ ahead: 1, is_published: true }, null],
  [{ upstream: null, head: null, ahead: null }, null],
  [{}, null],
])("unsaved work is named: %o", (state, expected) => {
  const clean = {
    file_count: 0,
    ahead: 0,
    head: "abc",
    upstream: "origin/x",
    is_published: false,
    error: null,
  } as WorkingTree;
  expect(unsavedWork({ ...clean, ...state })).toBe(expected);
});
