import { expect, test } from "vitest";
import { describePushRules, refusalOfUpdate } from "@/lib/contract/push-policy";
import type { PushRules } from "@/lib/contract/workspaces";

const refusal = (ref: string, rules: PushRules = {}, newId = "a".repeat(40)) =>
  refusalOfUpdate(rules, { ref, newId }, "main");

test.each(["slipway/fix", "slipway/a/b", "slipway/ünï 🚀", "slipway/-dash"])("an agent may push %s", (branch) => {
  expect(refusal(`refs/heads/${branch}`)).toBeNull();
});

test.each([
  ["refs/heads/main", "default branch"],
  ["refs/heads/fix", "git push origin HEAD:slipway/fix"],
  ["refs/heads/slipway/", "must begin with"],
  ["refs/heads/slipwayfix", "must begin with"],
  ["refs/tags/slipway/v1", "tags"],
  ["refs/notes/slipway/x", "only branches"],
  ["HEAD", "only branches"],
])("%s is refused", (ref, words) => {
  expect(refusal(ref)).toContain(words);
});

test("a deletion is refused, also of an agent's branch, unless the template allows it", () => {
  expect(refusal("refs/heads/slipway/x", {}, "0".repeat(40))).toContain("deleting");
  expect(refusal("refs/heads/slipway/x", { allow_deletes: true }, "0".repeat(40))).toBeNull();
});

test("a template may allow every branch, tags and the default branch", () => {
  expect(refusal("refs/heads/any", { branch_prefix: "" })).toBeNull();
  expect(refusal("refs/heads/main", { branch_prefix: "" })).toContain("default branch");
  expect(refusal("refs/heads/main", { allow_default_branch: true })).toBeNull();
  expect(refusal("refs/tags/v1", { allow_tags: true })).toBeNull();
});

test("the rules are told beforehand as they are enforced", () => {
  const told = (rules: PushRules = {}) => describePushRules(rules).join("\n");
  expect(told()).toContain("Branches must begin with slipway/");
  expect(told()).toContain("The default branch cannot be pushed");
  expect(told()).toMatch(/Tags cannot be pushed\.\nNothing can be deleted/);
  expect(told({ branch_prefix: "bots/" })).toContain("git switch -c bots/");
  const free = told({ branch_prefix: "", allow_default_branch: true, allow_tags: true, allow_deletes: true });
  expect(free).not.toMatch(/must|cannot|slipway/);
});
