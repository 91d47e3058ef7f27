/** A person sees, commits, pushes and opens a pull request from a chat's workspace: real sandboxes, a real git server. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "@/lib/clock";
import type { GitChanges } from "@/lib/contract/working-tree";
import { parseExternalAuth } from "@/lib/external-auth-entries";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { markPushed } from "@/lib/gitsync/mark-stale";
import { systemNetwork } from "@/lib/network-address";
import { createTestApi, type SignedInClient } from "../support/api";
import { createChatAs } from "../support/chats";
import { createFakeGitHost } from "../support/git-host";
import { createRepository, startGitServer } from "../support/git-server";
import { insertShared } from "../support/one-of-everything";
import { connect } from "../support/stream-client";
import { createTestWorkspaces, until } from "../support/workspaces";

const server = await startGitServer();
createRepository(join(server.folder, "app.git"), { "readme.md": "Hello.\n" });
const fake = createFakeGitHost();
const { entries } = parseExternalAuth({
  SLIPWAY_EXTERNAL_AUTH_0_ID: "ghe",
  SLIPWAY_EXTERNAL_AUTH_0_TYPE: "github",
  SLIPWAY_EXTERNAL_AUTH_0_API_BASE_URL: fake.apiBaseUrl,
  SLIPWAY_EXTERNAL_AUTH_0_TOKEN: "shared",
});
const hosts = createGitHosts({ entries, clock: systemClock, fetch: fake.fetch, deadlineMs: 1_000 });
const api = await createTestApi({ hosts });
const marker = { sql: api.sql, pubsub: api.runtime.pubsub };
const workspaces = await createTestWorkspaces({
  database: api,
  onPush: (workspaceId, pushed) => markPushed(marker, { workspaceId, ...pushed }),
  network: {
    resolve: async (host) => (host === "git.example.com" ? ["93.184.215.14"] : systemNetwork.resolve(host)),
    dial: (address, port) =>
      address === "93.184.215.14" ? { host: "127.0.0.1", port: server.port } : { host: address, port },
  },
});
api.runtime.workspaces = workspaces.service;
await insertShared(api);
const repository = "http://git.example.com/acme/app.git";

/** An idle chat with a workspace of its own that runs. */
async function createWorld(title = "Fix: the lämp / 🚀", config = {}) {
  const me = await api.asAdmin();
  const templateId = await workspaces.insertTemplate({ repository, ...config });
  const workspaceId = await workspaces.open({ ownerId: me.user.id, templateId });
  const chat = await createChatAs(me, { title, workspace_id: workspaceId });
  await idle(chat.id);
  const sh = async (command: string): Promise<string> => {
    const { result } = await workspaces.call(workspaceId, "execute", { command, timeout: "20s" });
    expect(result.exit_code, result.output).toBe(0);
    return result.output;
  };
  return { me, chatId: chat.id, workspaceId, sh };
}
const idle = (chatId: string) =>
  api.sql`WITH r AS (UPDATE chat_runs SET runnable_since = NULL WHERE chat_id = ${chatId})
    UPDATE chats SET status = 'waiting' WHERE id = ${chatId}`;
const follow = (me: SignedInClient, chatId: string, lastEventId?: string) =>
  connect(
    (request) =>
      me.fetch(`/chats/${chatId}/git`, { signal: request.signal, headers: Object.fromEntries(request.headers) }),
    lastEventId ? { lastEventId } : {},
  );
const changesOf = (received: { data: unknown }) => received.data as GitChanges;

test("changes are streamed as they come, told apart by repository, and resumed without repetition", async () => {
  const { me, chatId, sh } = await createWorld();
  const stream = await follow(me, chatId);
  const first = await stream.waitFor(({ event }) => event === "changes");
  expect(changesOf(first)).toMatchObject({
    type: "changes",
    workspace: { status: "running", message: null },
    repositories: [{ root: "/workspace", branch: "main", remote_origin: repository, unified_diff: "", removed: false }],
  });
  const again = await follow(me, chatId, first.id);
  await sh("echo more >> readme.md; mkdir inner; git -C inner init -q");
  const refreshed = await me.post(`/chats/${chatId}/git/refresh`);
  expect(refreshed.body.repositories.map(({ root }: { root: string }) => root)).toEqual([
    "/workspace",
    "/workspace/inner",
  ]);
  const isSeen = (received: { data: unknown }) =>
    changesOf(received).repositories.some(({ unified_diff }) => unified_diff.includes("+more"));
  await stream.waitFor(isSeen);
  await again.waitFor(isSeen);
  expect(changesOf(again.events[0]!).repositories[0]!.unified_diff).toContain("+more");
  await sh("rm -r inner");
  await me.post(`/chats/${chatId}/git/refresh`);
  const gone = await stream.waitFor((received) => changesOf(received).repositories.some(({ removed }) => removed));
  expect(changesOf(gone).repositories.find(({ removed }) => removed)).toMatchObject({ root: "/workspace/inner" });
  await Promise.all([stream.disconnect(), again.disconnect()]);
});

test("no workspace and a stopped one are said, and what needs one is refused", async () => {
  const me = await api.asMember();
  const chat = await createChatAs(me);
  const stream = await follow(me, chat.id);
  const first = await stream.waitFor(({ event }) => event === "changes");
  expect(changesOf(first)).toMatchObject({ workspace: { status: "none" }, repositories: [] });
  expect(changesOf(first).workspace.message).toContain("no workspace yet");
  await stream.disconnect();
  for (const [path, body] of [
    ["commit", { message: "x" }],
    ["push", undefined],
    ["clean-up", undefined],
  ] as const) {
    const { status, body: error } = await me.post(`/chats/${chat.id}/${path}`, body);
    expect([path, status, error.code]).toEqual([path, 409, "conflict"]);
  }
  const { status, body } = await me.post(`/chats/${chat.id}/pull-request`, { title: "x", body: "y" });
  expect([status, body.message]).toEqual([409, "Nothing was pushed yet. Push a branch first."]);
  const world = await createWorld();
  await workspaces.service.build({ workspaceId: world.workspaceId, transition: "stop" });
  await until(async () => {
    const seen = (await world.me.post(`/chats/${world.chatId}/git/refresh`)).body as GitChanges;
    return seen.workspace.status === "stopped" && seen.workspace.message!.includes("Start it");
  }, "it is stopped");
  expect((await world.me.post(`/chats/${world.chatId}/commit`, { message: "x" })).body.message).toContain("stopped");
});

test("commit, push and pull request by hand: the owner is the author, the chat follows, and each refusal says why", async () => {
  const { me, chatId, workspaceId, sh } = await createWorld();
  await api.sql`
    INSERT INTO external_auth_links (user_id, provider_id, kind, token_ciphertext, account_login, account_name, account_email)
    VALUES (${me.user.id}, 'ghe', 'token', ${api.runtime.secrets.seal("own-token", `external_auth_links.token:${me.user.id}:ghe`)},
      'ada', 'Ada <Lovelace>', 'ada@users.example')`;
  await api.sql`DELETE FROM external_auth_links WHERE user_id <> ${me.user.id}`;
  const commit = (body: object) => me.post(`/chats/${chatId}/commit`, body);
  expect((await commit({ message: "Nothing" })).body.message).toContain("nothing to commit");
  await sh("echo lit > lamp.txt");
  expect((await commit({ message: "x".repeat(1_000_000) })).status).toBe(413);
  expect((await commit({ message: "  " })).status).toBe(400);
  expect((await commit({ message: "x", repository: "../etc" })).body.message).toContain("no repository at ../etc");
  const made = await commit({ message: "Light the lamp\n\nFor good." });
  expect([made.status, made.body]).toMatchObject([
    201,
    { repository: "/workspace", branch: "slipway/fix-the-lamp", branch_created: true, changed_files: 1 },
  ]);
  expect(await sh("git log -1 --format='%an|%ae|%s'")).toBe("Ada Lovelace|ada@users.example|Light the lamp\n");
  const pushed = await me.post(`/chats/${chatId}/push`);
  expect(pushed.body).toMatchObject({ branch: "slipway/fix-the-lamp", remote_origin: repository, up_to_date: false });
  await until(
    async () => (await me.get(`/chats/${chatId}`)).body.diff_status?.git_branch === "slipway/fix-the-lamp",
    "the chat follows its branch",
  );
  await api.sql`DELETE FROM external_auth_links`;
  const hosted = fake.repository("acme", "app");
  const tooLong = await me.post(`/chats/${chatId}/pull-request`, { title: "x".repeat(300), body: "" });
  expect(tooLong.status).toBe(400);
  const opened = await me.post(`/chats/${chatId}/pull-request`, { title: "Light the lamp", body: "Why: dark." });
  expect([opened.status, opened.body]).toMatchObject([201, { number: 1, draft: true, title: "Light the lamp" }]);
  expect(hosted.pulls.get(1)).toMatchObject({ draft: true, body: "Why: dark.", head: { ref: "slipway/fix-the-lamp" } });
  expect((await me.get(`/chats/${chatId}`)).body.diff_status.url).toBe(opened.body.url);
  const second = await me.post(`/chats/${chatId}/pull-request`, { title: "Again", body: "" });
  expect([second.status, second.body.message]).toEqual([409, expect.stringContaining("already")]);
  await sh("git switch -q -c elsewhere; git branch -q -D slipway/fix-the-lamp; git commit -q --allow-empty -m more");
  const cleaned = await me.post(`/chats/${chatId}/clean-up`);
  const unsaved = ["/workspace has commits on a branch that was never pushed."];
  expect([cleaned.status, cleaned.body]).toEqual([409, expect.objectContaining({ unsaved })]);
  const other = await createChatAs(me, { title: "Neighbour", workspace_id: workspaceId });
  const shared = (await me.post(`/chats/${chatId}/clean-up`, { force: true })).body;
  expect([shared.message, shared.unsaved]).toEqual([expect.stringContaining("Neighbour"), undefined]);
  await idle(other.id);
  await me.post(`/chats/${other.id}/archive`);
  const deleted = await me.post(`/chats/${chatId}/clean-up`, { force: true });
  expect([deleted.status, deleted.body.transition]).toEqual([201, "delete"]);
});

test("the agent's own commits carry the owner's name, unless the template says otherwise", async () => {
  const own = await createWorld("Mine");
  expect(await own.sh("git config user.name; git config user.email")).toBe(
    `${own.me.user.username}\n${own.me.user.email}\n`,
  );
  const neutral = await createWorld("Neutral", { commit_author: "slipway", push: { branch_prefix: "bots/" } });
  await neutral.sh("echo x > x");
  const made = await neutral.me.post(`/chats/${neutral.chatId}/commit`, { message: "Work" });
  expect(made.body.branch).toBe("bots/neutral");
  expect(await neutral.sh("git log -1 --format='%an %ae'; git config user.name")).toBe(
    "Slipway slipway@localhost\nSlipway\n",
  );
});

test("another person's chat is not found by any of these", async () => {
  const me = await api.asMember();
  const chat = await createChatAs(me);
  const stranger = await api.asMember();
  for (const [method, path, body] of [
    ["GET", "git"],
    ["POST", "git/refresh"],
    ["POST", "commit", { message: "x" }],
    ["POST", "push"],
    ["POST", "pull-request"],
    ["POST", "pull-request/proposal"],
    ["POST", "clean-up"],
  ] as const) {
    for (const id of [chat.id, randomUUID()]) {
      const { status } = await stranger.call(method, `/chats/${id}/${path}`, body ? { body } : {});
      expect([path, status]).toEqual([path, 404]);
    }
  }
});
