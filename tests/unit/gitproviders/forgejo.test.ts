/** What Forgejo alone does; the rest is in `conformance.test.ts`. */
import { expect, test } from "vitest";
import type { PullRequest } from "@/lib/gitproviders/port";
import { sha } from "../../support/git-host";
import { createWorld } from "./world";

test("a list that tells its total and links to no next page is read on", async () => {
  const { fake, repository, read } = createWorld("forgejo");
  const reviews = Array.from({ length: 60 }, (_, n) => ({
    id: n + 1,
    author: `person${n}`,
    state: n === 59 ? "CHANGES_REQUESTED" : "APPROVED",
    body: "",
    at: "2026-11-27T10:00:00Z",
  }));
  fake.open(repository, { branch: "fix", reviews });
  expect((await read(1))[0]).toMatchObject({ reviewerCount: 60, changesRequested: true });
});

test("a branch that was deleted after the merge is not named", async () => {
  const { fake, repository, read } = createWorld("forgejo");
  const head = { owner: "acme", ref: "refs/pull/1/head", sha: sha("x") };
  fake.open(repository, { branch: "fix", state: "closed", merged: true, head });
  expect(((await read(1))[0] as PullRequest).headBranch).toBeNull();
});

test("a host that knows how to give a comparison as a diff is taken at its word", async () => {
  const { fake, host, repository, access } = createWorld("forgejo");
  fake.intercept = ({ path, query }) =>
    path.includes("/compare/") && query.get("output") === "diff"
      ? { status: 200, body: "diff --git a/x b/x\n" }
      : undefined;
  expect(await host.getBranchDiff(access, { repository, branch: "fix", maxBytes: 1e6 })).toBe("diff --git a/x b/x\n");
});

test("an administrator's word on who may write comes before the list of assignees", async () => {
  const { fake, host, repository, access } = createWorld("forgejo");
  repository.writers = new Set(["reader"]);
  const comments = [{ id: 1, author: "reader", body: "Hello.", at: "2026-11-27T10:00:00Z" }];
  fake.open(repository, { branch: "fix", comments });
  fake.intercept = ({ path }) =>
    path.endsWith("/permission") ? { status: 200, body: { permission: "read", role_name: "read" } } : undefined;
  const feedback = await host.getFeedback(access, { repository, number: 1 });
  expect(feedback.comments).toMatchObject([{ author: "reader", canWrite: false }]);
});
