import { expect, test } from "vitest";
import { createGitHost } from "@/lib/gitproviders/create-git-host";
import type { GitHostError } from "@/lib/gitproviders/git-host-error";
import type { HostLimits, PullRequest } from "@/lib/gitproviders/port";
import { createFakeClock } from "../../support/fake-clock";
import { createFakeGitHost, sha } from "../../support/git-host";

const NOW = Date.parse("2026-11-27T12:00:00Z");

function createWorld() {
  const clock = createFakeClock(NOW);
  const fake = createFakeGitHost({ now: () => clock.now() });
  const host = createGitHost({
    type: "github",
    apiBaseUrl: fake.apiBaseUrl,
    clock,
    fetch: fake.fetch,
    deadlineMs: 200,
  });
  const repository = fake.repository("acme", "app");
  const access = { token: "t", signal: AbortSignal.timeout(5_000) };
  const read = (...numbers: number[]) => host.getPullRequests(access, { repository, numbers });
  const failure = async (work: Promise<unknown>): Promise<GitHostError> =>
    work.then(
      () => expect.fail("it worked"),
      (error) => error,
    );
  return { clock, fake, host, repository, access, read, failure };
}

test("answers are read again only when they changed", async () => {
  const { fake, repository, read } = createWorld();
  const pull = fake.open(repository, { branch: "fix" });
  const [first] = (await read(1)) as PullRequest[];
  const spent = fake.spent("t");
  expect(await read(1)).toEqual([first]);
  expect(fake.spent("t")).toBe(spent);
  fake.change(pull, { title: "Better" });
  expect(((await read(1))[0] as PullRequest).title).toBe("Better");
});

test("two people's answers are kept apart", async () => {
  const { fake, host, repository, access, read } = createWorld();
  fake.open(repository, { branch: "fix" });
  await read(1);
  const before = fake.requests.length;
  await host.getPullRequests({ ...access, token: "other" }, { repository, numbers: [1] });
  expect(fake.requests.slice(before).every(({ status }) => status === 200)).toBe(true);
});

test("one list answers for all pull requests that did not move", async () => {
  const { clock, fake, repository, read } = createWorld();
  const pulls = Array.from({ length: 20 }, (_, n) => fake.open(repository, { branch: `b${n}` }));
  const numbers = pulls.map(({ number }) => number);
  await read(...numbers);
  await clock.advance(120_000);
  const before = fake.requests.length;
  await read(...numbers);
  expect(fake.requests.slice(before).map(({ path }) => path)).toEqual(["/repos/acme/app/pulls"]);
  fake.change(pulls[3]!, { state: "closed", merged: true });
  await clock.advance(120_000);
  const states = (await read(...numbers)).map((pull) => (pull as PullRequest).state);
  expect(states.filter((state) => state === "merged")).toHaveLength(1);
  expect(states[3]).toBe("merged");
});

test("a hinted pull request is read although the list was read a moment ago", async () => {
  const { fake, host, repository, access, read } = createWorld();
  const pull = fake.open(repository, { branch: "a" });
  fake.open(repository, { branch: "b" });
  await read(1, 2);
  await read(1, 2);
  fake.change(pull, { state: "closed", merged: true });
  const [read1] = await host.getPullRequests(access, { repository, numbers: [1], fresh: new Set([1]) });
  expect((read1 as PullRequest).state).toBe("merged");
});

test.each([
  ["Retry-After in seconds", { status: 429, headers: { "retry-after": "7" } }, 7_000],
  ["Retry-After as a date", { status: 403, headers: { "retry-after": new Date(NOW + 90_000).toUTCString() } }, 90_000],
  [
    "a spent window",
    {
      status: 403,
      headers: {
        "x-ratelimit-limit": "60",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(NOW / 1_000 + 33),
      },
    },
    33_000,
  ],
  ["words alone", { status: 403, body: { message: "You have exceeded a secondary rate limit." } }, 60_000],
  ["429 without anything", { status: 429 }, 60_000],
])("a limit told by %s ends at that second", async (_name, reply, waitMs) => {
  const { fake, repository, read, failure } = createWorld();
  fake.open(repository, { branch: "fix" });
  fake.intercept = () => ({ body: {}, ...reply });
  const error = await failure(read(1));
  expect([error.kind, error.retryAt]).toEqual(["rate_limited", NOW + waitMs]);
});

test("what is left of the limit is told", async () => {
  const { fake, host, repository, access } = createWorld();
  fake.open(repository, { branch: "fix" });
  fake.hourlyLimit = 5_000;
  const told: HostLimits[] = [];
  await host.getPullRequests({ ...access, onLimits: (limits) => told.push(limits) }, { repository, numbers: [1] });
  expect(told.at(-1)).toMatchObject({ limit: 5_000, remaining: 5_000 - fake.spent("t") });
});

test("a host that hangs is given up at the deadline, an abort at once", async () => {
  const { fake, host, repository, access, read, failure } = createWorld();
  fake.open(repository, { branch: "fix" });
  fake.intercept = () => new Promise<never>(() => {});
  const [error] = (await read(1)) as [GitHostError];
  expect([error.kind, error.message]).toEqual(["unreachable", "git.example.com did not answer within 0.2 s."]);
  const aborted = AbortSignal.abort(new Error("shutdown"));
  expect(
    (await failure(host.getPullRequests({ ...access, signal: aborted }, { repository, numbers: [1] }))).message,
  ).toBe("shutdown");
});

test("a refused token, a vanished repository, nonsense and a huge body are errors for a person", async () => {
  const { fake, host, repository, access, read, failure } = createWorld();
  fake.open(repository, { branch: "fix" });
  const one = async () => (await read(1))[0] as GitHostError;
  fake.intercept = () => ({ status: 401, body: { message: "Bad credentials" } });
  expect(await failure(read(1))).toMatchObject({
    kind: "unauthorized",
    message: expect.stringContaining("Link the account again"),
  });
  fake.intercept = () => ({ status: 404, body: { message: "Not Found" } });
  expect(await one()).toMatchObject({ kind: "not_found" });
  fake.intercept = () => ({ status: 403, body: { message: "Resource protected by organization SAML enforcement." } });
  expect(await one()).toMatchObject({ kind: "forbidden", message: expect.stringContaining("SAML") });
  fake.intercept = () => ({ status: 200, body: { hello: "world" } });
  expect(await one()).toMatchObject({ kind: "bad_answer" });
  fake.intercept = () => ({ status: 200, body: "x".repeat(9 * 1024 * 1024) });
  expect(await one()).toMatchObject({ kind: "bad_answer", message: expect.stringContaining("larger than 8 MiB") });
  fake.intercept = () => ({ status: 200, body: "d".repeat(1_000) });
  const diff = host.getPullRequestDiff(access, { repository, number: 1, maxBytes: 999 });
  expect(await diff).toHaveLength(999);
});

test("a moved repository is followed, but never to another origin", async () => {
  const { fake, repository, read } = createWorld();
  repository.movedTo = "acme/renamed";
  fake.open(fake.repository("acme", "renamed"), { branch: "fix", title: "Moved" });
  expect((await read(1))[0]).toMatchObject({ title: "Moved" });
  fake.intercept = () => ({ status: 301, headers: { location: "https://evil.example/repos" } });
  expect((await read(2))[0]).toMatchObject({ kind: "bad_answer", message: expect.stringContaining("evil.example") });
});

test("a pull request that a fork opened upstream is found by the fork's branch", async () => {
  const { fake, host, access } = createWorld();
  const fork = fake.repository("me", "app");
  fork.parent = { owner: "acme", name: "app" };
  const upstream = fake.repository("acme", "app");
  fake.open(upstream, { branch: "fix", head: { owner: "me", ref: "fix", sha: sha("x") } });
  fake.open(upstream, { branch: "fix", head: { owner: "stranger", ref: "fix", sha: sha("y") } });
  expect(await host.findPullRequest(access, { repository: fork, branch: "fix" })).toEqual({
    repository: { owner: "acme", name: "app" },
    number: 1,
  });
});

test.each(["feature/a b", "ünï/🚀", "-dash", "a#b?c&d=e%20", "x".repeat(200)])(
  "branch %j is found by its own name",
  async (branch) => {
    const { fake, host, repository, access } = createWorld();
    fake.open(repository, { branch: "main-ish" });
    fake.open(repository, { branch });
    repository.branchDiffs.set(branch, `diff of ${branch}`);
    expect(await host.findPullRequest(access, { repository, branch })).toMatchObject({ number: 2 });
    expect(await host.findPullRequest(access, { repository, branch: `${branch}x` })).toBeUndefined();
    expect(await host.getBranchDiff(access, { repository, branch, maxBytes: 1e6 })).toBe(`diff of ${branch}`);
  },
);
