/** From a reference to the icon: links, the worker over the real store, webhooks, limits, diffs. */
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { markChatStale } from "@/db/queries/git-references";
import { createSyncStore } from "@/db/queries/git-sync";
import { systemClock } from "@/lib/clock";
import { parseExternalAuth } from "@/lib/external-auth-entries";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { markPushed } from "@/lib/gitsync/mark-stale";
import { createTestApi, type SignedInClient } from "../support/api";
import { createChatAs } from "../support/chats";
import { createFakeGitHost, type FakePull } from "../support/git-host";
import { createTestSyncWorker, type Delivery, deliver as deliverTo, WEBHOOK_SECRET } from "../support/git-sync";
import { insertShared } from "../support/one-of-everything";

const fake = createFakeGitHost();
const { entries } = parseExternalAuth({
  SLIPWAY_EXTERNAL_AUTH_0_ID: "ghe",
  SLIPWAY_EXTERNAL_AUTH_0_TYPE: "github",
  SLIPWAY_EXTERNAL_AUTH_0_API_BASE_URL: fake.apiBaseUrl,
  SLIPWAY_EXTERNAL_AUTH_0_TOKEN: "shared",
  SLIPWAY_EXTERNAL_AUTH_0_WEBHOOK_SECRET: WEBHOOK_SECRET,
  SLIPWAY_EXTERNAL_AUTH_1_ID: "bare",
  SLIPWAY_EXTERNAL_AUTH_1_TYPE: "github",
  SLIPWAY_EXTERNAL_AUTH_1_API_BASE_URL: "https://bare.example/api/v3",
});
const hosts = createGitHosts({ entries, clock: systemClock, fetch: fake.fetch, deadlineMs: 200 });
const api = await createTestApi({ hosts });
const shared = await insertShared(api);
const marker = { sql: api.sql, pubsub: api.runtime.pubsub };
const worker = createTestSyncWorker(api, hosts);
const deliver = (event: string, payload: unknown, options?: Delivery) => deliverTo(api, event, payload, options);
let count = 0;

beforeEach(async () => {
  fake.intercept = undefined;
  fake.hourlyLimit = undefined;
  await api.sql`DELETE FROM chat_diff_statuses`;
  await api.sql`DELETE FROM git_rate_limits`;
});

/** A repository of its own with a chat that follows its branch. */
async function createWorld({ branch = "slipway/fix", linked = true } = {}) {
  const me = await api.asMember();
  const chat = await createChatAs(me);
  const repository = fake.repository("acme", `app${++count}`);
  const origin = `https://git.example.com/acme/app${count}.git`;
  if (linked) await me.put(`/chats/${chat.id}/git-reference`, { git_branch: branch, git_remote_origin: origin });
  return { me, chatId: chat.id, repository, origin, branch, status: () => statusOf(me, chat.id) };
}
const statusOf = async (me: SignedInClient, id: string) => (await me.get(`/chats/${id}`)).body.diff_status;
const makeDue = (chatId: string) =>
  api.sql`UPDATE chat_diff_statuses SET stale_at = now() - interval '1 second' WHERE chat_id = ${chatId}`;
const dueInSeconds = async (chatId: string) => {
  const [row] = await api.sql<{ s: number }[]>`
    SELECT round(extract(epoch FROM stale_at - now()))::int AS s FROM chat_diff_statuses WHERE chat_id = ${chatId}`;
  return row!.s;
};
const askedSince = (before: number) => fake.requests.slice(before).map(({ path }) => path);

test("a branch finds its pull request, and every state is seen with all its facts", async () => {
  const { me, chatId, repository, branch, status } = await createWorld();
  const pull = fake.open(repository, {
    branch,
    title: "Fix the lamp",
    draft: true,
    additions: 7,
    deletions: 2,
    changedFiles: 3,
    commits: 2,
  });
  const before = (await me.get(`/chats/${chatId}`)).body.updated_at;
  repository.checks.set(pull.head.sha, [
    { name: "build", status: "completed", conclusion: "success" },
    { name: "lint", status: "in_progress", conclusion: null },
  ]);
  await worker.tick();
  expect(await status()).toMatchObject({
    url: `https://git.example.com/acme/${repository.name}/pull/1`,
    pull_request_state: "open",
    pull_request_title: "Fix the lamp",
    pull_request_draft: true,
    pr_number: 1,
    head_branch: branch,
    base_branch: "main",
    git_branch: branch,
    additions: 7,
    deletions: 2,
    changed_files: 3,
    commits: 2,
    approved: false,
    changes_requested: false,
    reviewer_count: 0,
    author_login: "octocat",
    checks: { state: "pending", passed: 1, failed: 0, pending: 1 },
    sync_error: null,
  });
  const steps: [Partial<FakePull>, object][] = [
    [{ draft: false }, { pull_request_draft: false }],
    [{ draft: true }, { pull_request_draft: true }],
    // A force push: the same branch at another commit.
    [
      { head: { ...pull.head, sha: "f".repeat(40) }, commits: 1 },
      { commits: 1, checks: null },
    ],
    [
      { reviews: [review("ada", "APPROVED")] },
      { approved: true, reviewer_count: 1, reviewers: [{ login: "ada", verdict: "approved" }] },
    ],
    [
      { reviews: [review("ada", "APPROVED"), review("bob", "CHANGES_REQUESTED")] },
      { approved: false, changes_requested: true },
    ],
    [{ title: "Repair the lamp" }, { pull_request_title: "Repair the lamp" }],
    [{ state: "closed" }, { pull_request_state: "closed" }],
    [{ state: "open" }, { pull_request_state: "open" }],
    [{ state: "closed", merged: true }, { pull_request_state: "merged" }],
  ];
  for (const [change, expected] of steps) {
    fake.change(pull, change);
    await makeDue(chatId);
    await worker.tick();
    expect(await status()).toMatchObject(expected);
  }
  expect((await me.get(`/chats/${chatId}`)).body.updated_at).toBe(before);
});

const review = (author: string, state: string) => ({
  id: ++count,
  author,
  state,
  body: "",
  at: "2026-11-27T10:00:00Z",
});

test("a change is told at once, a look without one is not", async () => {
  const { chatId, repository, branch } = await createWorld();
  fake.open(repository, { branch });
  const told = () =>
    api.hints.filter(
      (hint) => hint.type === "chat" && hint.chatId === chatId && hint.watch.includes("diff_status_change"),
    );
  const before = told().length;
  await worker.tick();
  expect(told().length).toBe(before + 1);
  await makeDue(chatId);
  await worker.tick();
  expect(told().length).toBe(before + 1);
});

test("intervals: 15 s after a push without a pull request, then 5 min; 120 s with one; 10 min without a token", async () => {
  const { chatId, repository, branch } = await createWorld();
  await worker.tick();
  expect(await dueInSeconds(chatId)).toBeCloseTo(15, -0.5);
  await api.sql`UPDATE chat_diff_statuses SET pushed_at = now() - interval '121 seconds'`;
  await makeDue(chatId);
  await worker.tick();
  expect(await dueInSeconds(chatId)).toBeCloseTo(300, -0.5);
  fake.open(repository, { branch });
  await makeDue(chatId);
  await worker.tick();
  expect(await dueInSeconds(chatId)).toBeCloseTo(120, -0.5);
  const other = await createWorld({ linked: false });
  await other.me.put(`/chats/${other.chatId}/git-reference`, {
    git_branch: "x",
    git_remote_origin: "https://bare.example/a/b",
  });
  await worker.tick();
  expect(await dueInSeconds(other.chatId)).toBeCloseTo(600, -0.5);
  expect((await other.status()).sync_error).toContain("Link your account");
});

test("a reference that changed while it was looked at is not overwritten", async () => {
  const { me, chatId, repository, branch, status } = await createWorld();
  fake.open(repository, { branch, title: "Old" });
  fake.intercept = async () => {
    fake.intercept = undefined;
    await me.put(`/chats/${chatId}/git-reference`, { git_branch: "another" });
    return undefined;
  };
  await worker.tick();
  expect(await status()).toMatchObject({ git_branch: "another", url: null, pull_request_title: null });
});

test("a mark that came while a reference was looked at is not lost", async () => {
  const { chatId, repository, branch } = await createWorld();
  const pull = fake.open(repository, { branch });
  fake.intercept = async ({ path }) => {
    if (!path.endsWith("/reviews")) return undefined;
    fake.intercept = undefined;
    fake.change(pull, { state: "closed", merged: true });
    const head = { ref: branch };
    await deliver("pull_request", {
      repository: { full_name: `acme/${repository.name}` },
      pull_request: { number: 1, head },
    });
    return undefined;
  };
  await worker.tick();
  await worker.tick();
  const [row] = await api.sql`SELECT pull_request_state FROM chat_diff_statuses WHERE chat_id = ${chatId}`;
  expect(row?.pull_request_state).toBe("merged");
});

test("a push moves the chats of its workspace to the branch, and an old pull request is forgotten", async () => {
  const { me, chatId, repository, branch, origin, status } = await createWorld();
  fake.open(repository, { branch });
  await worker.tick();
  const workspace = randomUUID();
  await api.sql`INSERT INTO workspaces (id, name, owner_id, template_id)
    VALUES (${workspace}, 'w', ${me.user.id}, ${shared.template})`;
  await api.sql`UPDATE chats SET workspace_id = ${workspace} WHERE id = ${chatId}`;
  await markPushed(marker, { workspaceId: workspace, branch: "slipway/next", origin });
  expect(await status()).toMatchObject({ git_branch: "slipway/next", url: null, pull_request_state: null });
  fake.open(repository, { branch: "slipway/next", title: "Next" });
  await worker.tick();
  expect(await status()).toMatchObject({ pull_request_title: "Next", pr_number: 2 });
});

test("a pull request is linked by its address, found by hints, and unlinked", async () => {
  const { me, chatId, repository, status } = await createWorld({ linked: false });
  const pull = fake.open(repository, { branch: "theirs", title: "Linked" });
  const url = `https://git.example.com/acme/${repository.name}/pull/1`;
  expect((await me.put(`/chats/${chatId}/git-reference`, { url })).status).toBe(200);
  await worker.tick();
  expect(await status()).toMatchObject({ pull_request_title: "Linked", git_branch: "theirs" });
  fake.change(pull, { title: "Hinted" });
  await deliver("pull_request", { repository: { full_name: `Acme/${repository.name}` }, pull_request: { number: 1 } });
  await worker.tick();
  expect((await status()).pull_request_title).toBe("Hinted");
  await me.put(`/chats/${chatId}/git-reference`, { url: null });
  expect((await status()).url).toBeNull();
  const wrong = await me.put(`/chats/${chatId}/git-reference`, { url: "https://git.example.com/acme/x/issues/1" });
  expect(wrong.status).toBe(422);
  expect((await me.put(`/chats/${chatId}/git-reference`, {})).status).toBe(400);
  expect((await (await api.asMember()).put(`/chats/${chatId}/git-reference`, { git_branch: "x" })).status).toBe(404);
});

test.each([
  ["no address", "not a remote at all", "no address of a git host"],
  ["a path", "/srv/git/app", "no address of a git host"],
  ["a host nobody configured", "https://elsewhere.example/a/b", "No git host is configured for elsewhere.example"],
])("a remote that is %s is told in words and asked for nowhere", async (_name, origin, words) => {
  const { me, chatId, status } = await createWorld({ linked: false });
  await me.put(`/chats/${chatId}/git-reference`, { git_branch: "x", git_remote_origin: origin });
  const before = fake.requests.length;
  await worker.tick();
  expect((await status()).sync_error).toContain(words);
  expect(askedSince(before)).toEqual([]);
});

test("a limit is respected to its second by the worker, by webhooks and by diffs", async () => {
  const { me, chatId, repository, branch } = await createWorld();
  fake.open(repository, { branch });
  fake.intercept = () => ({ status: 429, headers: { "retry-after": "77" }, body: { message: "slow down" } });
  await worker.tick();
  expect(await dueInSeconds(chatId)).toBeGreaterThan(74);
  const before = fake.requests.length;
  await deliver("push", { ref: `refs/heads/${branch}`, repository: { full_name: `acme/${repository.name}` } });
  await worker.tick();
  const diff = await me.get(`/chats/${chatId}/diff`);
  expect([diff.status, Number(diff.headers.get("retry-after"))]).toEqual([429, expect.closeTo(76, -1)]);
  expect(askedSince(before)).toEqual([]);
  fake.intercept = undefined;
  await api.sql`UPDATE git_rate_limits SET until = now()`;
  await makeDue(chatId);
  await worker.tick();
  expect(askedSince(before).length).toBeGreaterThan(0);
});

test("a person's token that is refused is told on the chat and on the account", async () => {
  const { me, repository, branch, status } = await createWorld();
  fake.open(repository, { branch });
  await me.put("/external-auth/ghe/token", { token: "ghp-mine-mine" });
  fake.intercept = () => ({ status: 401, body: { message: "Bad credentials" } });
  await worker.tick();
  expect((await status()).sync_error).toContain("refused the token");
  expect((await me.get("/external-auth")).body[0].account.failure).toContain("refused the token");
});

test.each([
  ["does not know the repository any more", { status: 404, body: { message: "Not Found" } }, "does not know"],
  ["misses a scope", { status: 403, body: { message: "Resource not accessible by token" } }, "Resource not accessible"],
  ["answers with a page of a proxy", { status: 200, body: "<html>Sign in</html>" }, "a proxy may stand before it"],
  ["answers with a body of nine megabytes", { status: 200, body: "x".repeat(9 * 1024 * 1024) }, "larger than 8 MiB"],
])("a host that %s is told on the chat, and not asked again before its time", async (_name, answered, words) => {
  const { chatId, status } = await createWorld();
  fake.intercept = () => answered;
  await worker.tick();
  expect((await status()).sync_error).toContain(words);
  const before = fake.requests.length;
  await worker.tick();
  expect([askedSince(before).length, (await dueInSeconds(chatId)) > 60]).toEqual([0, true]);
});

test("a host that hangs delays nobody else's look by more than its deadline", async () => {
  const slow = await createWorld();
  const quick = await createWorld();
  fake.open(quick.repository, { branch: quick.branch, title: "Quick" });
  fake.intercept = ({ path }) => (path.includes(slow.repository.name) ? new Promise<never>(() => {}) : undefined);
  await worker.tick();
  expect((await quick.status()).pull_request_title).toBe("Quick");
  expect((await slow.status()).sync_error).toContain("did not answer within 0.2 s");
});

test("an archived chat costs no request, and is looked at again when it comes back", async () => {
  const { me, chatId, repository, branch, status } = await createWorld();
  await api.sql`UPDATE chats SET status = 'waiting' WHERE id = ${chatId}`;
  await me.post(`/chats/${chatId}/archive`);
  fake.open(repository, { branch, title: "Back" });
  const before = fake.requests.length;
  await worker.tick();
  expect(askedSince(before)).toEqual([]);
  await me.post(`/chats/${chatId}/unarchive`);
  await worker.tick();
  expect((await status()).pull_request_title).toBe("Back");
});

test("two workers never look at the same reference", async () => {
  await Promise.all(Array.from({ length: 12 }, () => createWorld()));
  const claims = await Promise.all(Array.from({ length: 4 }, () => createSyncStore(api.sql).claim({ limit: 5 })));
  const ids = claims.flatMap(({ references }) => references.map(({ chatId }) => chatId));
  expect(new Set(ids).size).toBe(ids.length);
});

test("a reference is free again when its worker's lease ran out, or a mark says that it began too early", async () => {
  const { chatId } = await createWorld();
  const store = createSyncStore(api.sql);
  const isClaimed = async () => (await store.claim({ limit: 5 })).references.length === 1;
  expect([await isClaimed(), await isClaimed()]).toEqual([true, false]);
  await api.sql`UPDATE chat_diff_statuses SET leased_until = now() WHERE chat_id = ${chatId}`;
  expect([await isClaimed(), await isClaimed()]).toEqual([true, false]);
  await markChatStale(api.sql, { chatId });
  expect([await isClaimed(), await isClaimed()]).toEqual([true, false]);
});

test("a claim writes no index", async () => {
  await Promise.all(Array.from({ length: 5 }, () => createWorld()));
  const changed = await api.sql.begin(async (tx) => {
    const count = async () => {
      const [row] = await tx`
        SELECT pg_stat_get_xact_tuples_updated(oid)::int AS rows, pg_stat_get_xact_tuples_hot_updated(oid)::int AS hot
        FROM pg_class WHERE oid = 'chat_diff_statuses'::regclass`;
      return row!;
    };
    const before = await count();
    await createSyncStore(tx as unknown as typeof api.sql).claim({ limit: 5 });
    const after = await count();
    return { rows: after.rows - before.rows, hot: after.hot - before.hot };
  });
  expect(changed).toEqual({ rows: 5, hot: 5 });
});

test("a webhook is taken once, when one of the secrets signed its very bytes", async () => {
  const { chatId, repository, branch } = await createWorld();
  await worker.tick();
  const payload = { ref: `refs/heads/${branch}`, repository: { full_name: `acme/${repository.name}` } };
  expect((await deliver("push", payload, { secret: "other" })).status).toBe(401);
  expect((await deliver("push", payload, { signature: null })).status).toBe(401);
  expect((await deliver("push", payload, { signature: "sha256=é" })).status).toBe(401);
  expect((await deliver("push", payload, { signature: "sha1=abc" })).status).toBe(401);
  expect(await dueInSeconds(chatId)).toBeGreaterThan(0);
  expect(await deliver("push", payload, { id: "one" })).toEqual({ status: 202, body: { accepted: true } });
  expect(await dueInSeconds(chatId)).toBeLessThan(0);
  await worker.tick();
  expect(await deliver("push", payload, { id: "one" })).toEqual({ status: 202, body: { accepted: false } });
  expect(await dueInSeconds(chatId)).toBeGreaterThan(0);
});

test.each([
  ["a ping", "ping", { zen: "Keep it.", hook_id: 1 }],
  ["no JSON", "push", "{"],
  ["an empty body", "push", ""],
  ["nulls everywhere", "pull_request", { repository: null, pull_request: null, number: null }],
  ["wrong types", "check_run", { repository: { full_name: 7 }, check_run: "x", branches: {}, number: "one" }],
  [
    "a deleted fork",
    "pull_request",
    { repository: { full_name: "acme/x" }, pull_request: { number: 1, head: { ref: "a", repo: null } } },
  ],
  ["a megabyte", "push", { repository: { full_name: "acme/x" }, text: "x".repeat(1_000_000) }],
  ["a number beyond integers", "pull_request", { repository: { full_name: "acme/x" }, number: 9_007_199_254_740_991 }],
])("a signed delivery of %s is accepted and harmless", async (_name, event, payload) => {
  expect((await deliver(event, payload)).status).toBe(202);
});

test("the diff is the pull request's, else the branch's, and at most 4 MiB of whole files", async () => {
  const { me, chatId, repository, branch, origin } = await createWorld({ linked: false });
  const read = async () => (await me.get(`/chats/${chatId}/diff`)).body;
  expect(await read()).toEqual({
    branch: null,
    remote_origin: null,
    pull_request_url: null,
    diff: "",
    truncated: false,
  });
  await me.put(`/chats/${chatId}/git-reference`, { git_branch: branch, git_remote_origin: origin });
  repository.branchDiffs.set(branch, "diff --git a/x b/x\n+branch\n");
  expect(await read()).toMatchObject({ branch, remote_origin: origin, diff: "diff --git a/x b/x\n+branch\n" });
  const file = `diff --git a/f b/f\n+${"y".repeat(1_000_000)}\n`;
  fake.open(repository, { branch, diff: file.repeat(6) });
  await worker.tick();
  const large = await read();
  expect([large.diff.length, large.truncated]).toEqual([file.length * 4, true]);
  expect(large.pull_request_url).toContain("/pull/1");
});
