/** GitLab and Forgejo through the product: links, the worker over the real store, diffs, tokens that end. */
import { describe, expect, test } from "vitest";
import { systemClock } from "@/lib/clock";
import { parseExternalAuth } from "@/lib/external-auth-entries";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { createTestApi } from "../support/api";
import { createChatAs } from "../support/chats";
import { createFakeGitHost } from "../support/git-host";
import { createTestSyncWorker } from "../support/git-sync";
import { insertShared } from "../support/one-of-everything";

const REMOTES = {
  gitlab: { owner: "acme/tools", origin: "git@gitlab.example.com:acme/tools/app.git", page: "/-/merge_requests/1" },
  forgejo: { owner: "acme", origin: "https://forgejo.example.com/acme/app.git", page: "/pulls/1" },
};
const fakes = { gitlab: createFakeGitHost({ type: "gitlab" }), forgejo: createFakeGitHost({ type: "forgejo" }) };
fakes.gitlab.apiBaseUrl = "https://gitlab.example.com/api/v4";
fakes.forgejo.apiBaseUrl = "https://forgejo.example.com/api/v1";
const { entries } = parseExternalAuth({
  SLIPWAY_EXTERNAL_AUTH_0_TYPE: "gitlab",
  SLIPWAY_EXTERNAL_AUTH_0_API_BASE_URL: fakes.gitlab.apiBaseUrl,
  SLIPWAY_EXTERNAL_AUTH_1_TYPE: "forgejo",
  SLIPWAY_EXTERNAL_AUTH_1_API_BASE_URL: fakes.forgejo.apiBaseUrl,
});
const ask: typeof fetch = (input, init) =>
  (new URL(String(input)).host.startsWith("gitlab") ? fakes.gitlab : fakes.forgejo).fetch(input, init);
const hosts = createGitHosts({ entries, clock: systemClock, fetch: ask, deadlineMs: 200 });
const api = await createTestApi({ hosts });
await insertShared(api);
const worker = createTestSyncWorker(api, hosts);
const ada = { id: 7, login: "ada", name: "Ada", email: "ada@example.com", scopes: "" };

describe.each(["gitlab", "forgejo"] as const)("%s", (type) => {
  const fake = fakes[type];
  const { owner, origin, page } = REMOTES[type];
  const repository = fake.repository(owner, "app");

  test("a linked person's branch finds its pull request, all of it is seen, and a token that ends is told", async () => {
    fake.accounts.set("token-of-ada", ada);
    const me = await api.asMember();
    expect((await me.put(`/external-auth/${type}/token`, { token: "wrong-token" })).status).toBe(422);
    const linked = await me.put(`/external-auth/${type}/token`, { token: "token-of-ada" });
    expect(linked.body.account).toMatchObject({ login: "ada", email: "ada@example.com" });
    const chat = await createChatAs(me);
    const status = async () => (await me.get(`/chats/${chat.id}`)).body.diff_status;
    await me.put(`/chats/${chat.id}/git-reference`, { git_branch: "slipway/fix", git_remote_origin: origin });
    const pull = fake.open(repository, {
      branch: "slipway/fix",
      title: "Fix the lamp",
      diff: "diff --git a/lamp b/lamp\n--- a/lamp\n+++ b/lamp\n@@ -1 +1 @@\n-off\n+on\n",
      reviews: [{ id: 1, author: "bob", state: "APPROVED", body: "", at: "2026-11-27T10:00:00Z" }],
    });
    repository.checks.set(pull.head.sha, [{ name: "build", status: "completed", conclusion: "failure" }]);
    await worker.tick();
    expect(await status()).toMatchObject({
      url: `https://${type}.example.com/${owner}/app${page}`,
      pull_request_state: "open",
      pull_request_title: "Fix the lamp",
      pr_number: 1,
      head_branch: "slipway/fix",
      approved: true,
      checks: { state: "failing", failed: 1 },
      sync_error: null,
    });
    expect((await me.get(`/chats/${chat.id}/diff`)).body.diff).toBe(pull.diff);
    fake.accounts.set("another", ada);
    fake.accounts.delete("token-of-ada");
    await api.sql`UPDATE chat_diff_statuses SET stale_at = now()`;
    await worker.tick();
    expect((await status()).sync_error).toContain("Link the account again");
    const accounts: { id: string; account: { failure: string } | null }[] = (await me.get("/external-auth")).body;
    expect(accounts.find(({ id }) => id === type)?.account?.failure).toContain("Link the account again");
    fake.accounts.clear();
  });

  test("a page's address is followed, and another page of the host is refused", async () => {
    const me = await api.asMember();
    fake.accounts.set("token-of-ada", ada);
    await me.put(`/external-auth/${type}/token`, { token: "token-of-ada" });
    const chat = await createChatAs(me);
    const url = `https://${type}.example.com/${owner}/app${page}`;
    const put = (body: object) => me.put(`/chats/${chat.id}/git-reference`, body);
    expect((await put({ url: `https://${type}.example.com/${owner}/app` })).status).toBe(422);
    expect((await put({ url })).status).toBe(200);
    await worker.tick();
    expect((await me.get(`/chats/${chat.id}`)).body.diff_status).toMatchObject({
      url,
      pr_number: 1,
      git_branch: "slipway/fix",
    });
  });
});
