import { beforeEach, describe, expect, test } from "vitest";
import { createLinkedCredentials } from "@/lib/external-auth/credentials";
import { beginConnect, finishConnect, listExternalAuth, removeLink } from "@/lib/external-auth/links";
import { resolveToken } from "@/lib/external-auth/tokens";
import { parseExternalAuth } from "@/lib/external-auth-entries";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { ACCESS_URL, createTestApi } from "../support/api";
import { createFakeClock } from "../support/fake-clock";
import { createFakeGitHost } from "../support/git-host";
import { createFakeOAuth } from "../support/oauth-host";

const clock = createFakeClock(Date.parse("2026-11-27T12:00:00Z"));
const fake = createFakeGitHost({ now: () => clock.now() });
const octocat = { id: 583231, login: "octocat", name: "The Octocat", email: null, scopes: "repo, workflow" };
const oauth = createFakeOAuth({ next: fake.fetch, onToken: (token) => fake.accounts.set(token, octocat) });
const { entries } = parseExternalAuth({
  SLIPWAY_EXTERNAL_AUTH_0_ID: "acme",
  SLIPWAY_EXTERNAL_AUTH_0_TYPE: "github",
  SLIPWAY_EXTERNAL_AUTH_0_API_BASE_URL: fake.apiBaseUrl,
  SLIPWAY_EXTERNAL_AUTH_0_CLIENT_ID: "client",
  SLIPWAY_EXTERNAL_AUTH_0_CLIENT_SECRET: "client-secret",
  SLIPWAY_EXTERNAL_AUTH_1_ID: "plain",
  SLIPWAY_EXTERNAL_AUTH_1_TYPE: "github",
  SLIPWAY_EXTERNAL_AUTH_1_REGEX: "https://plain\\.example",
  SLIPWAY_EXTERNAL_AUTH_1_API_BASE_URL: "https://plain.example/api/v3",
  SLIPWAY_EXTERNAL_AUTH_1_TOKEN: "shared-token",
});
const hosts = createGitHosts({ entries, clock, fetch: oauth.fetch, deadlineMs: 200 });
const api = await createTestApi({ hosts, clock });
const parts = { db: api.db, secrets: api.runtime.secrets, hosts, clock };
const signal = new AbortController().signal;

beforeEach(() => {
  fake.accounts.clear();
  fake.accounts.set("ghp-pasted-canary", { ...octocat, email: "octo@example.com" });
  fake.intercept = undefined;
  oauth.expiresInSeconds = null;
});

const pathOf = (url: string) => url.slice(ACCESS_URL.length);
async function connect(person: Awaited<ReturnType<typeof api.asMember>>) {
  const begun = await person.get("/external-auth/acme/connect");
  return person.get(pathOf(oauth.allow(String(begun.headers.get("location")))));
}

test("a pasted token is linked as whom it is for, tested, and forgotten", async () => {
  const me = await api.asMember();
  expect((await me.get("/external-auth")).body).toMatchObject([
    { id: "acme", type: "github", web_url: "https://git.example.com", has_oauth: true, account: null },
    { id: "plain", has_oauth: false, has_shared_token: true, account: null },
  ]);
  const linked = await me.put("/external-auth/acme/token", { token: "  ghp-pasted-canary " });
  expect(linked.body.account).toMatchObject({
    kind: "token",
    login: "octocat",
    name: "The Octocat",
    email: "octo@example.com",
    scopes: ["repo", "workflow"],
    expires_at: null,
    failure: null,
  });
  expect((await me.post("/external-auth/acme/test")).body).toMatchObject({ ok: true, message: "Works as octocat." });
  expect((await me.delete("/external-auth/acme")).status).toBe(204);
  expect((await me.get("/external-auth")).body[0].account).toBeNull();
  expect((await me.delete("/external-auth/acme")).status).toBe(404);
});

test("a token that the host refuses is not stored, and a host that is away says so", async () => {
  const me = await api.asMember();
  const refused = await me.put("/external-auth/acme/token", { token: "wrong-token" });
  expect([refused.status, refused.body.message]).toEqual([422, expect.stringContaining("refused the token (401)")]);
  fake.intercept = () => new Promise<never>(() => {});
  expect((await me.put("/external-auth/acme/token", { token: "ghp-pasted-canary" })).status).toBe(503);
  expect((await me.get("/external-auth")).body[0].account).toBeNull();
});

test("a token that lost its right is told by the test and in the list", async () => {
  const me = await api.asMember();
  await me.put("/external-auth/acme/token", { token: "ghp-pasted-canary" });
  fake.accounts.delete("ghp-pasted-canary");
  fake.accounts.set("other", octocat);
  const { body } = await me.post("/external-auth/acme/test");
  expect(body).toMatchObject({ ok: false, message: expect.stringContaining("Link the account again") });
  expect((await me.get("/external-auth")).body[0].account.failure).toBe(body.message);
});

test("OAuth asks with state and PKCE, links the account, and revokes at the end", async () => {
  const me = await api.asMember({ via: "session" });
  const begun = await me.get("/external-auth/acme/connect");
  const url = new URL(String(begun.headers.get("location")));
  expect([begun.status, url.origin + url.pathname]).toEqual([302, "https://git.example.com/login/oauth/authorize"]);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    client_id: "client",
    scope: "repo workflow",
    redirect_uri: `${ACCESS_URL}/api/experimental/external-auth/acme/callback`,
    code_challenge_method: "S256",
    response_type: "code",
  });
  const back = await me.get(pathOf(oauth.allow(url.href)));
  expect([back.status, back.headers.get("location")]).toEqual([303, `${ACCESS_URL}/settings/git?linked=acme`]);
  const { account } = (await me.get("/external-auth")).body[0];
  expect(account).toMatchObject({ kind: "oauth", email: "583231+octocat@users.noreply.git.example.com" });
  await me.delete("/external-auth/acme");
  expect(oauth.revoked).toEqual([oauth.issued.at(-1)]);
});

test("a callback works once, for the person who began it, and a refusal is told", async () => {
  const [me, other] = [await api.asMember(), await api.asMember()];
  const begun = await me.get("/external-auth/acme/connect");
  const back = pathOf(oauth.allow(String(begun.headers.get("location"))));
  const reasonOf = (location: string | null) => new URL(String(location)).searchParams.get("error");
  expect(reasonOf((await other.get(back)).headers.get("location"))).toContain("begun by somebody else");
  expect((await me.get(back)).headers.get("location")).toContain("linked=acme");
  expect(reasonOf((await me.get(back)).headers.get("location"))).toContain("is over");
  const forged = "/external-auth/acme/callback?code=x&state=forged";
  expect(reasonOf((await me.get(forged)).headers.get("location"))).toContain("is over");
  const denied = "/external-auth/acme/callback?error=access_denied&error_description=You+said+no.&state=x";
  expect(reasonOf((await me.get(denied)).headers.get("location"))).toBe("You said no.");
  await api.sql`UPDATE external_auth_attempts SET created_at = now() - interval '11 minutes'`;
  expect((await me.get("/external-auth/plain/connect")).status).toBe(422);
});

test("an access that ends is renewed once, however many ask at once", async () => {
  const me = await api.asMember();
  oauth.expiresInSeconds = 3_600;
  await connect(me);
  const configured = hosts.find("acme")!;
  const resolve = () => resolveToken(parts, { userId: me.user.id, configured, signal });
  const first = oauth.issued.at(-1);
  expect(await resolve()).toEqual({ token: first, source: "own" });
  await clock.advance(3_590_000);
  const renewed = await Promise.all(Array.from({ length: 8 }, resolve));
  expect(new Set(renewed.map((token) => token?.token))).toEqual(new Set([oauth.issued.at(-1)]));
  expect(oauth.issued.at(-1)).not.toBe(first);
  await clock.advance(3_590_000);
  oauth.refreshTokens.clear();
  await expect(resolve()).rejects.toMatchObject({ kind: "unauthorized" });
  expect((await me.get("/external-auth")).body[0].account.failure).toContain("Link the account again");
});

test("tokens stand sealed in the database, bound to their row", async () => {
  const [me, other] = [await api.asMember(), await api.asMember()];
  oauth.expiresInSeconds = 3_600;
  await connect(me);
  await other.put("/external-auth/acme/token", { token: "ghp-pasted-canary" });
  const dump = JSON.stringify(await api.sql`SELECT * FROM external_auth_links`);
  expect(dump).not.toContain("canary");
  await api.sql`
    UPDATE external_auth_links SET token_ciphertext =
      (SELECT token_ciphertext FROM external_auth_links WHERE user_id = ${me.user.id})
    WHERE user_id = ${other.user.id}`;
  const configured = hosts.find("acme")!;
  await expect(resolveToken(parts, { userId: other.user.id, configured, signal })).rejects.toThrow();
});

test("git's own credential is the person's, else the installation's, and only for the entry's host", async () => {
  const me = await api.asMember();
  const credentials = createLinkedCredentials(parts);
  const find = async (origin: string) => (await credentials({ origin, ownerId: me.user.id }))?.password ?? null;
  await me.put("/external-auth/acme/token", { token: "ghp-pasted-canary" });
  expect(await find("https://git.example.com/acme/app.git")).toBe("ghp-pasted-canary");
  expect(await find("https://plain.example/acme/app")).toBe("shared-token");
  for (const origin of [
    "https://elsewhere.example/a/b",
    "https://evil.example/?https://plain.example/a/b",
    "nonsense",
  ]) {
    expect(await find(origin), origin).toBeNull();
  }
});

describe.each(["gitlab", "forgejo"] as const)("%s", (type) => {
  const other = createFakeGitHost({ type, now: () => clock.now() });
  const ada = { id: 7, login: "ada", name: "Ada", email: "ada@example.com", scopes: "" };
  const flow = createFakeOAuth({ type, next: other.fetch, onToken: (token) => other.accounts.set(token, ada) });
  const entry = parseExternalAuth({
    SLIPWAY_EXTERNAL_AUTH_0_ID: "forge",
    SLIPWAY_EXTERNAL_AUTH_0_TYPE: type,
    SLIPWAY_EXTERNAL_AUTH_0_API_BASE_URL: other.apiBaseUrl,
    SLIPWAY_EXTERNAL_AUTH_0_CLIENT_ID: "client",
    SLIPWAY_EXTERNAL_AUTH_0_CLIENT_SECRET: "client-secret",
  }).entries;
  const forges = createGitHosts({ entries: entry, clock, fetch: flow.fetch, deadlineMs: 200 });
  const own = { ...parts, hosts: forges };
  const accessUrl = ACCESS_URL;

  async function link(userId: string) {
    const { url } = await beginConnect(own, { userId, hostId: "forge", accessUrl });
    const back = new URL(flow.allow(url)).searchParams;
    const [state, code] = [String(back.get("state")), String(back.get("code"))];
    return finishConnect(own, { userId, hostId: "forge", accessUrl, signal, state, code });
  }

  test("OAuth links the account, renews what ends, and forgets it at the end", async () => {
    const { user } = await api.asMember();
    flow.expiresInSeconds = 7_200;
    const { account } = await link(user.id);
    expect(account).toMatchObject({ kind: "oauth", login: "ada", email: "ada@example.com", failure: null });
    const configured = forges.find("forge")!;
    const first = await resolveToken(own, { userId: user.id, configured, signal });
    await clock.advance(7_190_000);
    const renewed = await resolveToken(own, { userId: user.id, configured, signal });
    expect(renewed?.token).not.toBe(first?.token);
    const credentials = createLinkedCredentials(own);
    const forGit = await credentials({ origin: "https://git.example.com/acme/app.git", ownerId: user.id });
    expect(forGit).toEqual({ username: type === "gitlab" ? "oauth2" : "x-access-token", password: renewed?.token });
    await removeLink(own, { userId: user.id, hostId: "forge", signal });
    expect(flow.revoked).toEqual(type === "gitlab" ? [renewed?.token] : []);
  });

  test("an access that is not renewed any more asks for a new link", async () => {
    const { user } = await api.asMember();
    flow.expiresInSeconds = 7_200;
    await link(user.id);
    flow.refreshTokens.clear();
    await clock.advance(7_190_000);
    const configured = forges.find("forge")!;
    const resolving = resolveToken(own, { userId: user.id, configured, signal });
    await expect(resolving).rejects.toMatchObject({ kind: "unauthorized" });
    const [{ account } = { account: null }] = await listExternalAuth(own, { userId: user.id });
    expect(account?.failure).toContain("Link the account again");
  });
});
