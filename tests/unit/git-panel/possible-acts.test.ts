import { expect, test } from "vitest";
import { possibleActs } from "@/components/git-panel/tree-actions";
import type { Chat } from "@/lib/contract/chats";
import type { WorkingTree } from "@/lib/contract/working-tree";

const pushed = {
  head: "abc",
  branch: "slipway/x",
  upstream: "origin/slipway/x",
  ahead: 0,
  is_published: true,
  file_count: 0,
  remote_origin: "https://git.example.com/acme/app",
} as WorkingTree;

test.each<[string, Partial<WorkingTree>, string | null, string[]]>([
  ["everything is pushed", {}, null, ["open"]],
  ["its pull request is open", {}, "open", []],
  ["its pull request is merged", {}, "merged", ["open"]],
  ["files changed", { file_count: 1 }, "open", ["commit"]],
  ["a commit is not pushed", { ahead: 1, is_published: false }, null, ["push", "open"]],
  ["a new branch has no upstream", { upstream: null, ahead: null }, null, ["push"]],
  ["a submodule stands at a commit of its remote", { branch: null, upstream: null, ahead: null }, null, []],
  ["a commit of no branch is nowhere else", { branch: null, upstream: null, is_published: false }, null, ["push"]],
  ["there is no remote", { remote_origin: null, upstream: null, ahead: null }, null, []],
  ["there is no commit yet", { head: null, upstream: null, ahead: null, file_count: 2 }, null, ["commit"]],
])("where %s, there is to do what can be done", (_name, state, pull, expected) => {
  const chat = { diff_status: pull && { pull_request_state: pull } } as Chat;
  const acts = possibleActs({ chat, tree: { ...pushed, ...state } });
  expect(Object.entries(acts).flatMap(([name, can]) => (can ? [name] : []))).toEqual(expected);
});
