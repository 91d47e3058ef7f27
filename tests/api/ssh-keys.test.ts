import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { createSshIdentities } from "@/lib/external-auth/ssh-keys";
import { createTestApi } from "../support/api";
import { startSshGitServer } from "../support/ssh-git-server";

const server = await startSshGitServer();
const api = await createTestApi();
const identities = createSshIdentities({ db: api.db, secrets: api.runtime.secrets });
const here = `127.0.0.1:${server.port}`;

test("a key is made for a host, shown by its public half alone, and forgotten", async () => {
  const me = await api.asMember();
  expect((await me.get("/ssh-keys")).body).toEqual([]);
  const made = await me.post("/ssh-keys", { host: " Git.Example.com:22 " });
  expect([made.status, made.body]).toEqual([
    201,
    {
      id: expect.any(String),
      host: "git.example.com",
      username: "git",
      public_key: expect.stringMatching(/^ssh-ed25519 [A-Za-z0-9+/=]+ slipway:git\.example\.com$/),
      host_key_fingerprint: null,
      created_at: expect.any(String),
    },
  ]);
  // OpenSSH reads it.
  const read = execFileSync("ssh-keygen", ["-l", "-f", "-"], { input: made.body.public_key }).toString();
  expect(read).toContain("(ED25519)");
  const again = await me.post("/ssh-keys", { host: "git.example.com" });
  expect([again.status, again.body.message]).toEqual([
    409,
    expect.stringContaining("You have an SSH key for git.example"),
  ]);
  expect((await me.get("/ssh-keys")).body).toEqual([made.body]);
  const dump = JSON.stringify(await api.sql`SELECT * FROM ssh_keys`);
  expect(dump).not.toContain("PRIVATE KEY");
  expect((await me.delete(`/ssh-keys/${made.body.id}`)).status).toBe(204);
  expect((await me.delete(`/ssh-keys/${made.body.id}`)).status).toBe(404);
  expect(await identities({ host: "git.example.com", ownerId: me.user.id })).toBeNull();
});

test.each([
  "https://git.example.com",
  "git@git.example.com",
  "-oProxyCommand=id",
  "git.example.com:ssh",
  "two hosts",
  "",
])("%j is no host for a key", async (host) => {
  const { status, body } = await (await api.asMember()).post("/ssh-keys", { host });
  expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining("name of a host")]);
});

test("another person's key is neither seen, tested, removed nor used", async () => {
  const [me, other] = [await api.asMember(), await api.asMember()];
  const { id } = (await me.post("/ssh-keys", { host: "git.example.com" })).body;
  expect((await other.get("/ssh-keys")).body).toEqual([]);
  expect((await other.post(`/ssh-keys/${id}/test`)).status).toBe(404);
  expect((await other.delete(`/ssh-keys/${id}`)).status).toBe(404);
  expect(await identities({ host: "git.example.com", ownerId: other.user.id })).toBeNull();
  await expect(identities({ host: "git.example.com", ownerId: me.user.id })).resolves.toMatchObject({
    username: "git",
  });
});

test("a test signs in at the host, learns the host's own key, and says what does not work", async () => {
  const me = await api.asAdmin();
  const { id, public_key } = (await me.post("/ssh-keys", { host: here, username: server.username })).body;
  const test = async () => (await me.post(`/ssh-keys/${id}/test`)).body;
  expect(await test()).toMatchObject({ ok: false, message: expect.stringContaining("did not accept your SSH key") });
  server.accept(public_key);
  expect(await test()).toEqual({ ok: true, message: `${here} accepts the key. Hi, ada.` });
  const shown = (await me.get("/ssh-keys")).body[0].host_key_fingerprint;
  expect(shown).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  await server.changeHostKey();
  expect(await test()).toMatchObject({
    ok: false,
    message: expect.stringContaining("not the one that was seen first"),
  });
  expect((await me.get("/ssh-keys")).body[0].host_key_fingerprint).toBe(shown);
});

test("a member's test reaches no private address", async () => {
  const me = await api.asMember();
  const { id } = (await me.post("/ssh-keys", { host: here })).body;
  expect((await me.post(`/ssh-keys/${id}/test`)).body).toEqual({
    ok: false,
    message: `${here} cannot be reached: it leads to a private address.`,
  });
});
