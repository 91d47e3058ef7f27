/** What every adapter does alike, against a fake of its host's own REST interface. */
import { describe, expect, test } from "vitest";
import { GIT_HOST_TYPES } from "@/lib/contract/external-auth";
import type { GitHostError } from "@/lib/gitproviders/git-host-error";
import type { HostLimits, PullRequest } from "@/lib/gitproviders/port";
import { type FakePull, sha } from "../../support/git-host";
import { createWorld, NOW } from "./world";

const PAGES = {
  github: "https://git.example.com/acme/app/pull/1",
  gitlab: "https://git.example.com/acme/app/-/merge_requests/1",
  forgejo: "https://git.example.com/acme/app/pulls/1",
};
/** How a host that has no field for a draft says it. */
const DRAFT_TITLES = { github: "", gitlab: "Draft: ", forgejo: "WIP: " };
const at = (minute: number) => `2026-11-27T10:${String(minute).padStart(2, "0")}:00Z`;
const review = (author: string, state: string, minute = 0, body = "") => ({
  id: minute + 1,
  author,
  state,
  body,
  at: at(minute),
});
const check = (name: string, conclusion: string | null) => ({
  name,
  status: conclusion ? "completed" : "in_progress",
  conclusion,
});
const unified = (name: string) => `diff --git a/${name} b/${name}\n--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-a\n+b\n`;

describe.each(GIT_HOST_TYPES)("%s", (type) => {
  test("a pull request has all its facts", async () => {
    const { fake, repository, read } = createWorld(type);
    const facts = { additions: 7, deletions: 2, changedFiles: 3, commits: 2, author: "ada" };
    const pull = fake.open(repository, { branch: "slipway/fix", title: "Fix the lamp", ...facts });
    repository.checks.set(pull.head.sha, [check("build", "success"), check("lint", null)]);
    expect((await read(1))[0]).toEqual({
      url: PAGES[type],
      number: 1,
      state: "open",
      title: "Fix the lamp",
      draft: false,
      headBranch: "slipway/fix",
      headSha: pull.head.sha,
      baseBranch: "main",
      additions: 7,
      deletions: 2,
      changedFiles: 3,
      commits: 2,
      authorLogin: "ada",
      authorAvatarUrl: expect.stringMatching(/^https:\/\/git\.example\.com\/.+ada/),
      approved: false,
      changesRequested: false,
      reviewerCount: 0,
      reviewers: [],
      checks: { state: "pending", passed: 1, failed: 0, pending: 1 },
      createdAt: "2026-11-01T08:00:00Z",
      mergedAt: null,
    });
  });

  test.each<[Partial<FakePull>, Partial<PullRequest>]>([
    [{ draft: true }, { state: "open", draft: true }],
    [{ state: "closed" }, { state: "closed" }],
    [
      { state: "closed", merged: true },
      { state: "merged", mergedAt: expect.any(String) },
    ],
    [{ reviews: [review("ada", "APPROVED")] }, { approved: true, changesRequested: false, reviewerCount: 1 }],
    [{ reviews: [review("ada", "COMMENTED")] }, { approved: false, changesRequested: false, reviewerCount: 1 }],
    [{ reviews: [review("octocat", "COMMENTED")] }, { reviewerCount: 0 }],
    [
      { reviews: [review("ada", "APPROVED"), review("bob", "CHANGES_REQUESTED", 1)] },
      {
        approved: false,
        changesRequested: true,
        reviewerCount: 2,
        reviewers: [
          { login: "ada", verdict: "approved" },
          { login: "bob", verdict: "changes_requested" },
        ],
      },
    ],
    [
      { reviews: [review("ada", "CHANGES_REQUESTED"), review("ada", "APPROVED", 1)] },
      { approved: true, changesRequested: false },
    ],
    [{ reviews: [review("ada", "DISMISSED")] }, { approved: false, changesRequested: false }],
  ])("%j is told as %j", async (change, expected) => {
    const { fake, repository, read } = createWorld(type);
    fake.open(repository, { branch: "fix", ...change });
    expect((await read(1))[0]).toMatchObject(expected);
  });

  test.each([
    [[], null],
    [["success", "skipped"], { state: "passing", passed: 2, failed: 0, pending: 0 }],
    [["success", null], { state: "pending", passed: 1, failed: 0, pending: 1 }],
    [["failure", "cancelled", null], { state: "failing", passed: 0, failed: 2, pending: 1 }],
  ])("checks %j are folded to %j", async (conclusions, expected) => {
    const { fake, repository, read } = createWorld(type);
    const pull = fake.open(repository, { branch: "fix" });
    repository.checks.set(
      pull.head.sha,
      conclusions.map((conclusion, n) => check(`check ${n}`, conclusion)),
    );
    expect(((await read(1))[0] as PullRequest).checks).toEqual(expected);
  });

  test.each(["feature/a b", "ünï/🚀", "-dash", "a#b?c&d=e%20", "x".repeat(200)])(
    "branch %j is found by its own name",
    async (branch) => {
      const { fake, host, repository, access } = createWorld(type);
      fake.open(repository, { branch: "main-ish" });
      fake.open(repository, { branch });
      repository.branchDiffs.set(branch, unified("a file"));
      expect(await host.findPullRequest(access, { repository, branch })).toMatchObject({ number: 2 });
      expect(await host.findPullRequest(access, { repository, branch: `${branch}x` })).toBeUndefined();
      expect(await host.getBranchDiff(access, { repository, branch, maxBytes: 1e6 })).toBe(unified("a file"));
      expect(await host.getBranchDiff(access, { repository, branch, maxBytes: 20 })).toBe(
        unified("a file").slice(0, 20),
      );
    },
  );

  test("a pull request that a fork opened upstream is found by the fork's branch, a stranger's is not", async () => {
    const { fake, host, access } = createWorld(type);
    const fork = fake.repository("me", "app");
    fork.parent = { owner: "acme", name: "app" };
    fake.repository("stranger", "app").parent = fork.parent;
    const upstream = fake.repository("acme", "app");
    fake.open(upstream, { branch: "fix", head: { owner: "me", ref: "fix", sha: sha("x") } });
    fake.open(upstream, { branch: "fix", head: { owner: "stranger", ref: "fix", sha: sha("y") } });
    const found = { repository: { owner: "acme", name: "app" }, number: 1 };
    expect(await host.findPullRequest(access, { repository: fork, branch: "fix" })).toEqual(found);
    expect(await host.findPullRequest(access, { repository: upstream, branch: "fix" })).toBeUndefined();
  });

  test("a closed pull request is not found by its branch, the open one is", async () => {
    const { fake, host, repository, access } = createWorld(type);
    fake.open(repository, { branch: "fix", state: "closed" });
    expect(await host.findPullRequest(access, { repository, branch: "fix" })).toBeUndefined();
    fake.open(repository, { branch: "fix" });
    expect(await host.findPullRequest(access, { repository, branch: "fix" })).toMatchObject({ number: 2 });
  });

  test("a change is read, and two people's answers are kept apart", async () => {
    const { fake, host, repository, access, read } = createWorld(type);
    const pull = fake.open(repository, { branch: "fix" });
    await read(1);
    fake.change(pull, { title: "Better" });
    expect(((await read(1))[0] as PullRequest).title).toBe("Better");
    const before = fake.requests.length;
    await host.getPullRequests({ ...access, token: "other" }, { repository, numbers: [1] });
    expect(fake.requests.slice(before).every(({ status, token }) => status === 200 && token === "other")).toBe(true);
  });

  test("one list answers for all pull requests that did not move, and a hinted one is read besides", async () => {
    const { clock, fake, host, repository, access, read } = createWorld(type);
    const pulls = Array.from({ length: 20 }, (_, n) => fake.open(repository, { branch: `b${n}` }));
    const numbers = pulls.map(({ number }) => number);
    await read(...numbers);
    await clock.advance(120_000);
    const before = fake.requests.length;
    await read(...numbers);
    expect(fake.requests.slice(before)).toHaveLength(1);
    fake.change(pulls[3]!, { state: "closed", merged: true });
    const [hinted] = await host.getPullRequests(access, { repository, numbers: [4], fresh: new Set([4]) });
    expect((hinted as PullRequest).state).toBe("merged");
    fake.change(pulls[5]!, { state: "closed", merged: true });
    await clock.advance(120_000);
    const states = (await read(...numbers)).map((pull) => (pull as PullRequest).state);
    expect(states.flatMap((state, n) => (state === "merged" ? [n] : []))).toEqual([3, 5]);
  });

  test.each([
    ["Retry-After in seconds", { headers: { "retry-after": "7" } }, 7_000],
    ["Retry-After as a date", { headers: { "retry-after": new Date(NOW + 90_000).toUTCString() } }, 90_000],
    [
      "a spent window",
      {
        headers: { "ratelimit-limit": "60", "ratelimit-remaining": "0", "ratelimit-reset": String(NOW / 1_000 + 33) },
      },
      33_000,
    ],
    ["nothing", {}, 60_000],
  ])("a limit told as 429 with %s ends at that second, for all that were asked for", async (_name, reply, waitMs) => {
    const { fake, repository, read, failure } = createWorld(type);
    fake.open(repository, { branch: "fix" });
    fake.intercept = () => ({ status: 429, body: "Retry later\n", ...reply });
    const error = await failure(read(1, 2));
    expect([error.kind, error.retryAt]).toEqual(["rate_limited", NOW + waitMs]);
    expect(fake.requests).toHaveLength(1);
  });

  test("what is left of the limit is told, and the last request says when it ends", async () => {
    const { fake, host, repository, access, failure } = createWorld(type);
    fake.open(repository, { branch: "fix" });
    fake.hourlyLimit = 50;
    const told: HostLimits[] = [];
    const noting = { ...access, onLimits: (limits: HostLimits) => told.push(limits) };
    await host.getPullRequests(noting, { repository, numbers: [1] });
    expect(told.at(-1)).toEqual({ limit: 50, remaining: 50 - fake.spent("t"), resetAt: NOW + 3_600_000 });
    fake.hourlyLimit = 1;
    const error = await failure(host.getPullRequests(access, { repository, numbers: [1] }));
    expect([error.kind, error.retryAt]).toEqual(["rate_limited", NOW + 3_600_000]);
  });

  test("a host that hangs is given up at the deadline, an abort at once", async () => {
    const { fake, host, repository, access, read, failure } = createWorld(type);
    fake.open(repository, { branch: "fix" });
    fake.intercept = () => new Promise<never>(() => {});
    const [error] = (await read(1)) as [GitHostError];
    expect([error.kind, error.message]).toEqual(["unreachable", "git.example.com did not answer within 0.2 s."]);
    const aborted = AbortSignal.abort(new Error("shutdown"));
    const ended = host.getPullRequests({ ...access, signal: aborted }, { repository, numbers: [1] });
    expect((await failure(ended)).message).toBe("shutdown");
  });

  test("a token that ended, a vanished repository, nonsense and a huge body are errors for a person", async () => {
    const { fake, host, repository, access, read, failure } = createWorld(type);
    fake.open(repository, { branch: "fix" });
    const one = async () => (await read(1))[0] as GitHostError;
    fake.accounts.set("another", { id: 1, login: "x", name: "X", email: null, scopes: "" });
    const refused = await failure(read(1));
    expect(refused).toMatchObject({ kind: "unauthorized", message: expect.stringContaining("Link the account again") });
    expect(await failure(host.getAccount(access))).toMatchObject({ kind: "unauthorized" });
    fake.accounts.clear();
    const gone = { owner: "acme", name: "gone" };
    const [vanished] = await host.getPullRequests(access, { repository: gone, numbers: [1] });
    expect(vanished).toMatchObject({ kind: "not_found" });
    expect(await failure(host.findPullRequest(access, { repository: gone, branch: "b" }))).toMatchObject({
      kind: "not_found",
    });
    fake.intercept = () => ({ status: 403, body: { message: "403 Forbidden: not for you" } });
    expect(await one()).toMatchObject({ kind: "forbidden", message: expect.stringContaining("not for you") });
    fake.intercept = () => ({ status: 200, body: { hello: "world" } });
    expect(await one()).toMatchObject({ kind: "bad_answer" });
    fake.intercept = () => ({ status: 200, body: "<html>a proxy's page</html>" });
    expect(await one()).toMatchObject({ kind: "bad_answer" });
    fake.intercept = () => ({ status: 502, body: "Bad Gateway" });
    expect(await one()).toMatchObject({ kind: "unreachable" });
    fake.intercept = () => ({ status: 200, body: "x".repeat(9 * 1024 * 1024) });
    expect(await one()).toMatchObject({ kind: "bad_answer", message: expect.stringContaining("larger than 8 MiB") });
  });

  test("a moved repository is followed, but never to another origin", async () => {
    const { fake, repository, read } = createWorld(type);
    repository.movedTo = "acme/renamed";
    fake.open(fake.repository("acme", "renamed"), { branch: "fix", title: "Moved" });
    expect((await read(1))[0]).toMatchObject({ title: "Moved" });
    fake.intercept = () => ({ status: 301, headers: { location: "https://evil.example/repos" } });
    expect((await read(2))[0]).toMatchObject({ kind: "bad_answer", message: expect.stringContaining("evil.example") });
  });

  test("a pull request's diff is given as it is, cut at the bound; the default branch has none", async () => {
    const { fake, host, repository, access } = createWorld(type);
    fake.open(repository, { branch: "fix", diff: unified("lamp.ts") });
    const diff = (maxBytes: number) => host.getPullRequestDiff(access, { repository, number: 1, maxBytes });
    expect(await diff(1e6)).toBe(unified("lamp.ts"));
    expect(await diff(10)).toBe(unified("lamp.ts").slice(0, 10));
    expect(await host.getBranchDiff(access, { repository, branch: "main", maxBytes: 10 })).toBe("");
  });

  test("feedback names who may write, where a comment stands, and checks that only fail here", async () => {
    const { fake, host, repository, access } = createWorld(type);
    repository.writers = new Set(["ada", "helper[bot]"]);
    const pull = fake.open(repository, {
      branch: "fix",
      reviews: [review("ada", "CHANGES_REQUESTED", 3, "Not yet.")],
      comments: [
        { id: 11, author: "ada", body: "This line.", at: at(1), path: "src/lamp.ts", line: 7 },
        { id: 12, author: "stranger", body: "Me too!", at: at(2) },
        { id: 13, author: "helper[bot]", body: "Coverage: 3 %", at: at(4) },
        { id: 14, author: "ada", body: "  ", at: at(5) },
      ],
    });
    repository.checks.set(pull.head.sha, [
      check("build", "failure"),
      check("flaky", "failure"),
      check("lint", "success"),
    ]);
    repository.checks.set("main", [check("flaky", "failure")]);
    const { comments, failedChecks } = await host.getFeedback(access, { repository, number: 1 });
    const told = comments.map(({ author, body, canWrite, path, line }) => ({ author, body, canWrite, path, line }));
    const inConversation = { path: null, line: null };
    expect(told).toEqual(
      expect.arrayContaining([
        { author: "ada", body: "This line.", canWrite: true, path: "src/lamp.ts", line: 7 },
        { author: "stranger", body: "Me too!", canWrite: false, ...inConversation },
        { author: "ada", body: expect.stringMatching(/Not yet\.$/), canWrite: true, ...inConversation },
        { author: expect.stringContaining("bot"), body: "Coverage: 3 %", canWrite: false, ...inConversation },
      ]),
    );
    const ofAda = told.filter(({ author, path }) => author === "ada" && path === null).map(({ body }) => body);
    expect(ofAda.join(" ")).toMatch(/Changes requested\./);
    expect(told.some(({ body }) => body.trim() === "")).toBe(false);
    expect(new Set(comments.map(({ key }) => key)).size, "keys").toBe(comments.length);
    expect(failedChecks).toEqual([
      { name: "build", summary: expect.any(String), url: "https://git.example.com/checks/build" },
    ]);
  });

  test("a draft is opened on the default branch, and a second one refused in the host's words", async () => {
    const { host, repository, access, read, failure, fake } = createWorld(type);
    repository.defaultBranch = "trunk";
    const request = { repository, title: "Fix it", body: "Because.", head: "slipway/fix", draft: true };
    expect(await host.createPullRequest(access, request)).toEqual({ repository, number: 1 });
    expect((await read(1))[0]).toMatchObject({
      draft: true,
      baseBranch: "trunk",
      title: `${DRAFT_TITLES[type]}Fix it`,
    });
    expect(repository.pulls.get(1)).toMatchObject({ body: "Because." });
    expect(await failure(host.createPullRequest(access, request))).toMatchObject({
      kind: "rejected",
      message: expect.stringMatching(/already exists/),
    });
    const into = { ...request, head: "slipway/other", base: "next", draft: false };
    await host.createPullRequest(access, into);
    expect((await read(2))[0]).toMatchObject({ draft: false, baseBranch: "next" });
    repository.movedTo = "acme/renamed";
    fake.repository("acme", "renamed");
    const moved = await failure(host.createPullRequest(access, { ...into, head: "slipway/third" }));
    expect(moved).toMatchObject({ kind: "not_found", message: expect.stringContaining("moved") });
  });

  test("an account has a name and an address for commits", async () => {
    const { fake, host, access } = createWorld(type);
    fake.accounts.set("t", {
      id: 5,
      login: "ada",
      name: "Ada",
      email: "ada@example.com",
      scopes: "api, write_repository",
    });
    const scopes = type === "forgejo" ? [] : ["api", "write_repository"];
    expect(await host.getAccount(access)).toMatchObject({
      login: "ada",
      name: "Ada",
      email: "ada@example.com",
      scopes,
    });
    fake.accounts.set("t", { id: 5, login: "ada", name: "", email: null, scopes: "" });
    const hidden = await host.getAccount(access);
    expect(hidden).toMatchObject({ login: "ada", scopes: [] });
    expect(hidden.email).toMatch(/^(5[+-])?ada@(users\.)?noreply\.git\.example\.com$/);
  });

  test("a page's address names its pull request, and others none", async () => {
    const { host } = createWorld(type);
    const parse = (url: string) => host.parsePullRequestUrl(url);
    const ref = { repository: { owner: "acme", name: "app" }, number: 1 };
    for (const end of ["", "/", "/files", "?tab=x", "#note_5"]) expect(parse(PAGES[type] + end), end).toEqual(ref);
    for (const url of [
      PAGES[type].replace("git.example.com", "git.example.com.evil.test"),
      PAGES[type].replace("/acme", ""),
      PAGES[type].replace(/1$/, "x"),
      PAGES[type].replace(/1$/, "12345678901"),
      "https://git.example.com/acme/app",
      "nonsense",
    ]) {
      expect(parse(url), url).toBeUndefined();
    }
  });
});
