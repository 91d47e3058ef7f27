/** What GitLab alone does; the rest is in `conformance.test.ts`. */
import { expect, test } from "vitest";
import type { PullRequest } from "@/lib/gitproviders/port";
import { createWorld } from "./world";

test("a project in nested groups is found, and its pages name it", async () => {
  const { fake, host, access } = createWorld("gitlab");
  const repository = fake.repository("acme/tools/lamps", "app");
  fake.open(repository, { branch: "fix" });
  const ref = await host.findPullRequest(access, { repository, branch: "fix" });
  expect(ref).toMatchObject({ number: 1 });
  const [pull] = await host.getPullRequests(access, { repository, numbers: [1] });
  expect(host.parsePullRequestUrl((pull as PullRequest).url)).toEqual({
    repository: { owner: "acme/tools/lamps", name: "app" },
    number: 1,
  });
});

test("an installation that gives no raw diff is asked for its files", async () => {
  const { fake, host, repository, access } = createWorld("gitlab");
  fake.open(repository, { branch: "fix", additions: 1, deletions: 1 });
  const files = [
    { old_path: "a", new_path: "b", renamed_file: true, diff: "" },
    { old_path: "n", new_path: "n", new_file: true, b_mode: "100755", diff: "@@ -0,0 +1 @@\n+x\n" },
    { old_path: "d", new_path: "d", deleted_file: true, a_mode: "100644", diff: "@@ -1 +0,0 @@\n-x" },
    { old_path: "m", new_path: "m", a_mode: "100644", b_mode: "100755", diff: "" },
  ];
  fake.intercept = ({ path }) => {
    if (path.endsWith("/raw_diffs")) return { status: 404, body: { error: "404 Not Found" } };
    return path.endsWith("/diffs") ? { status: 200, body: files } : undefined;
  };
  expect(await host.getPullRequestDiff(access, { repository, number: 1, maxBytes: 1e6 })).toBe(`\
diff --git a/a b/b
rename from a
rename to b
diff --git a/n b/n
new file mode 100755
--- /dev/null
+++ b/n
@@ -0,0 +1 @@
+x
diff --git a/d b/d
deleted file mode 100644
--- a/d
+++ /dev/null
@@ -1 +0,0 @@
-x
diff --git a/m b/m
old mode 100644
new mode 100755
`);
});

test("an approval that is not enough by the project's rules is none yet", async () => {
  const { fake, repository, read } = createWorld("gitlab");
  fake.open(repository, { branch: "fix" });
  const user = { id: 4, username: "ada" };
  fake.intercept = ({ path }) =>
    path.endsWith("/approvals") ? { status: 200, body: { approvals_left: 1, approved_by: [{ user }] } } : undefined;
  expect((await read(1))[0]).toMatchObject({ approved: false, reviewerCount: 1 });
});

test("a job that may fail fails nothing, and one that a person starts is no check", async () => {
  const { fake, repository, read } = createWorld("gitlab");
  fake.open(repository, { branch: "fix" });
  const job = (name: string, status: string, allow_failure = false) => ({ name, status, allow_failure });
  fake.intercept = ({ path }) =>
    path.endsWith("/statuses")
      ? { status: 200, body: [job("lint", "failed", true), job("deploy", "manual"), job("build", "success")] }
      : undefined;
  expect(((await read(1))[0] as PullRequest).checks).toEqual({ state: "passing", passed: 2, failed: 0, pending: 0 });
});

test("a refusal that lists its fields is told in its words", async () => {
  const { fake, host, repository, access, failure } = createWorld("gitlab");
  fake.intercept = () => ({
    status: 400,
    body: { message: { title: ["can't be blank"], base: ["is odd", "is old"] } },
  });
  const request = { repository, title: "", body: "", head: "fix", base: "main", draft: true };
  const { kind, message } = await failure(host.createPullRequest(access, request));
  expect([kind, message]).toEqual([
    "rejected",
    "git.example.com refused (400): title can't be blank, base is odd, is old.",
  ]);
});
