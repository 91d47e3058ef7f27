import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createTestApi } from "../support/api";

const api = await createTestApi();
const admin = await api.asAdmin();
const PASSWORD = "correct horse battery";
const person = () => {
  const username = `p-${randomUUID().slice(0, 8)}`;
  return { email: `${username}@example.test`, username, password: PASSWORD };
};

describe("people", () => {
  test("are added by an administrator and can sign in", async () => {
    const body = { ...person(), name: "  Ada  ", role: "admin" };
    const answer = await admin.post("/users", body);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(String),
      email: body.email,
      username: body.username,
      name: "Ada",
      role: "admin",
      avatar_url: null,
      suspended: false,
      created_at: expect.any(String),
    });
    expect((await admin.get(`/users/${answer.body.id}`)).body).toEqual(answer.body);
    const signedIn = await api.anonymous.post("/api/auth/sign-in", { email: body.email, password: PASSWORD });
    expect(signedIn.status).toBe(200);
  });

  test("are members unless told otherwise, listed by user name, page by page", async () => {
    const added = (await admin.post("/users", person())).body;
    expect(added.role).toBe("member");
    const all = (await admin.get("/users")).body as { id: string; username: string }[];
    expect(all.map((user) => user.id)).toContain(added.id);
    expect(all.map((user) => user.username)).toEqual(all.map((user) => user.username).sort());
    const pages = [await admin.get("/users?limit=1"), await admin.get("/users?limit=1&offset=1")];
    expect(pages.flatMap((page) => page.body)).toEqual(all.slice(0, 2));
    for (const query of ["limit=0", "limit=x", "limit=1001", "offset=-1", "nonsense=1"]) {
      expect((await admin.get(`/users?${query}`)).status).toBe(400);
    }
  });

  test("are found by a part of a name or an address, taken literally, with the time they were last seen", async () => {
    const body = { ...person(), name: "Grace 100%_Hopper" };
    const { id } = (await admin.post("/users", body)).body;
    for (const q of ["100%_hop", body.email.toUpperCase(), body.username]) {
      const found = (await admin.get(`/users?q=${encodeURIComponent(q)}`)).body;
      expect(found).toEqual([expect.objectContaining({ id, last_seen_at: null })]);
    }
    expect((await admin.get("/users?q=%25x_x")).body).toEqual([]);
    await api.anonymous.post("/api/auth/sign-in", { email: body.email, password: PASSWORD });
    const [seen] = (await admin.get(`/users?q=${body.username}`)).body;
    expect(Date.now() - Date.parse(seen.last_seen_at)).toBeLessThan(60_000);
  });

  test("have addresses and user names of their own, in any case", async () => {
    const body = person();
    expect((await admin.post("/users", body)).status).toBe(201);
    const same = [{ email: body.email.toUpperCase() }, { username: body.username.toUpperCase() }];
    for (const change of same) {
      expect((await admin.post("/users", { ...person(), ...change })).status).toBe(409);
    }
    const twins = { ...person() };
    const answers = await Promise.all(Array.from({ length: 5 }, () => admin.post("/users", twins)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  test.each([
    { email: "no" },
    { username: "" },
    { username: "with space" },
    { username: "x".repeat(40) },
    { password: "short" },
    { password: "x".repeat(1025) },
    { role: "owner" },
    { suspended: true },
    { id: randomUUID() },
  ])("refuse %j", async (change) => {
    const answer = await admin.post("/users", { ...person(), ...change });
    expect(answer.status).toBe(400);
    expect(answer.body.validations).toHaveLength(1);
  });

  test("are closed to members and strangers", async () => {
    const member = await api.asMember();
    expect((await member.get("/users")).status).toBe(403);
    expect((await member.post("/users", person())).status).toBe(403);
    expect((await api.anonymous.get("/users")).status).toBe(401);
    expect((await member.get(`/users/${admin.user.id}`)).status).toBe(404);
    expect((await admin.get(`/users/${randomUUID()}`)).status).toBe(404);
    expect((await admin.get("/users/nonsense")).status).toBe(404);
  });
});

describe("changing a person", () => {
  test("members change their own name and password, and nothing else", async () => {
    const member = await api.asMember();
    const answer = await member.patch(`/users/${member.user.id}`, { name: "New" });
    expect(answer.body).toEqual({ ...member.user, name: "New" });
    expect((await member.patch("/users/me", {})).body).toEqual(answer.body);
    for (const change of [{ role: "admin" }, { role: "member" }, { suspended: false }]) {
      expect((await member.patch("/users/me", change)).status).toBe(403);
    }
    for (const change of [{ email: "x@example.test" }, { username: "x" }, { id: randomUUID() }, { name: 1 }]) {
      expect((await member.patch("/users/me", change)).status).toBe(400);
    }
  });

  test("another member's account is not found, exactly like a missing one", async () => {
    const [member, other] = [await api.asMember(), await api.asMember()];
    const foreign = await member.patch(`/users/${other.user.id}`, { name: "x" });
    const missing = await member.patch(`/users/${randomUUID()}`, { name: "x" });
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, request_id: "" }).toEqual({ ...missing.body, request_id: "" });
    expect((await member.patch(`/users/${other.user.id}`, { role: "admin" })).status).toBe(404);
  });

  test("administrators change everybody", async () => {
    const member = await api.asMember();
    const answer = await admin.patch(`/users/${member.user.id}`, { name: "X", role: "admin" });
    expect(answer.body).toMatchObject({ name: "X", role: "admin" });
    expect((await admin.patch(`/users/${randomUUID()}`, { name: "X" })).status).toBe(404);
  });

  test("suspension ends every session and refuses every token at once", async () => {
    const member = await api.asMember({ password: PASSWORD });
    const answer = await api.anonymous.post("/api/auth/sign-in", { email: member.user.email, password: PASSWORD });
    const cookie = answer.headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? "";
    expect((await admin.patch(`/users/${member.user.id}`, { suspended: true })).body.suspended).toBe(true);
    expect((await api.withCookie(cookie).get("/users/me")).status).toBe(401);
    expect((await member.get("/users/me")).status).toBe(401);
    expect(await api.sql`SELECT id FROM sessions WHERE user_id = ${member.user.id}`).toHaveLength(0);
    await admin.patch(`/users/${member.user.id}`, { suspended: false });
    expect((await api.withCookie(cookie).get("/users/me")).status).toBe(401);
    expect((await member.get("/users/me")).status).toBe(200);
  });

  test("a new password ends other sessions and gives this one a new cookie", async () => {
    const { user, credential: first, ...here } = await api.asMember({ via: "session", password: PASSWORD });
    const elsewhere = await api.anonymous.post("/api/auth/sign-in", { email: user.email, password: PASSWORD });
    const other = elsewhere.headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? "";
    const changed = await here.patch("/users/me", { password: "another password" });
    expect(changed.status).toBe(200);
    const second = changed.headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? "";
    expect((await api.withCookie(first).get("/users/me")).status).toBe(401);
    expect((await api.withCookie(other).get("/users/me")).status).toBe(401);
    expect((await api.withCookie(second).get("/users/me")).status).toBe(200);
    const signIn = (password: string) => api.anonymous.post("/api/auth/sign-in", { email: user.email, password });
    expect((await signIn(PASSWORD)).status).toBe(401);
    expect((await signIn("another password")).status).toBe(200);
  });

  test("a new role ends the person's sessions, the same role does not", async () => {
    const { user, ...browser } = await api.asMember({ via: "session" });
    await admin.patch(`/users/${user.id}`, { role: "member" });
    expect((await browser.get("/users/me")).status).toBe(200);
    await admin.patch(`/users/${user.id}`, { role: "admin" });
    expect((await browser.get("/users/me")).status).toBe(401);
  });
});

describe("deleting a person", () => {
  test("ends all that they signed in and worked with at once, and frees address and user name", async () => {
    const member = await api.asMember({ password: PASSWORD });
    const { id, email, username } = member.user;
    await member.put("/settings/me", { personal_prompt: "Be brief." });
    await admin.put(`/chats/usage-limits/overrides/${id}`, { spend_limit_micros: 5 });
    await api.sql`INSERT INTO external_auth_links (user_id, provider_id, kind, token_ciphertext, account_login)
      VALUES (${id}, 'gone', 'token', 'sealed', 'octocat')`;
    await member.post("/ssh-keys", { host: "git.example.com" });
    const signIn = () => api.anonymous.post("/api/auth/sign-in", { email, password: PASSWORD });
    const cookie = (await signIn()).headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? "";
    expect((await admin.delete(`/users/${id}`)).status).toBe(204);
    expect((await api.withCookie(cookie).get("/users/me")).status).toBe(401);
    expect((await member.get("/users/me")).status).toBe(401);
    expect((await signIn()).status).toBe(401);
    const tables = [
      "sessions",
      "api_tokens",
      "user_settings",
      "usage_limit_overrides",
      "external_auth_links",
      "ssh_keys",
    ];
    for (const table of tables) {
      expect(await api.sql`SELECT FROM ${api.sql(table)} WHERE user_id = ${id}`, table).toHaveLength(0);
    }
    expect((await admin.get(`/users?q=${username}`)).body).toEqual([]);
    const again = await admin.post("/users", { email, username, password: PASSWORD });
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(id);
    expect((await signIn()).body.id).toBe(again.body.id);
  });

  test("leaves nothing to read or change, and works once", async () => {
    const { id } = (await api.asMember()).user;
    expect((await admin.delete(`/users/${id}`)).status).toBe(204);
    const answers = await Promise.all([
      admin.delete(`/users/${id}`),
      admin.get(`/users/${id}`),
      admin.patch(`/users/${id}`, { suspended: false }),
      admin.get(`/users/${id}/tokens`),
      admin.post(`/users/${id}/tokens`, { name: "x" }),
      admin.put(`/chats/usage-limits/overrides/${id}`, { spend_limit_micros: 5 }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  });

  test("is for administrators, and never of oneself; of two who delete each other one stays", async () => {
    const [member, other, a, b] = await Promise.all([api.asMember(), api.asMember(), api.asAdmin(), api.asAdmin()]);
    expect((await member.delete(`/users/${other.user.id}`)).status).toBe(403);
    expect((await member.delete("/users/me")).status).toBe(403);
    for (const self of ["me", a.user.id]) expect((await a.delete(`/users/${self}`)).status).toBe(409);
    const answers = await Promise.all([a.delete(`/users/${b.user.id}`), b.delete(`/users/${a.user.id}`)]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect((await admin.get(`/users/${other.user.id}`)).status).toBe(200);
  });
});

describe("the last administrator", () => {
  test("is neither demoted nor suspended, by nobody, also not when several try at once", async () => {
    await api.sql`UPDATE users SET role = 'member' WHERE id <> ${admin.user.id}`;
    for (const change of [{ role: "member" }, { suspended: true }]) {
      expect((await admin.patch("/users/me", change)).status).toBe(409);
    }
    const [a, b] = [await api.asAdmin(), await api.asAdmin()];
    const answers = await Promise.all([
      admin.patch(`/users/${a.user.id}`, { role: "member" }),
      a.patch(`/users/${b.user.id}`, { suspended: true }),
      b.patch(`/users/${admin.user.id}`, { role: "member" }),
    ]);
    // Whoever comes last has lost the role meanwhile (403, 404) or would be the last to have it (409).
    expect(answers.every((answer) => answer.status === 200)).toBe(false);
    const left = await api.sql`SELECT id FROM users WHERE role = 'admin' AND NOT suspended`;
    expect(left.length).toBeGreaterThanOrEqual(1);
    await api.sql`UPDATE users SET role = 'admin' WHERE id = ${admin.user.id}`;
  });

  test("does not count those who are suspended", async () => {
    await api.sql`UPDATE users SET role = 'member' WHERE id <> ${admin.user.id}`;
    const suspended = await api.asAdmin();
    await admin.patch(`/users/${suspended.user.id}`, { suspended: true });
    expect((await admin.patch("/users/me", { role: "member" })).status).toBe(409);
  });
});

describe("API tokens", () => {
  test("are shown once, listed without their value, and revoked", async () => {
    const member = await api.asMember();
    const created = await member.post("/users/me/tokens", { name: "ci", expires_in_days: 7, scopes: ["read"] });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.any(String),
      name: "ci",
      token: expect.stringMatching(/^slp_[\w-]{43}$/),
      scopes: ["read"],
      created_at: expect.any(String),
      last_used_at: null,
      expires_at: expect.any(String),
    });
    const lifetime = Date.parse(created.body.expires_at) - Date.parse(created.body.created_at);
    expect(lifetime).toBe(7 * 24 * 60 * 60 * 1000);
    const program = api.withToken(created.body.token);
    expect((await program.get("/users/me")).status).toBe(200);
    const listed = await member.get(`/users/${member.user.id}/tokens`);
    expect(listed.body.map((token: { id: string }) => token.id)).toContain(created.body.id);
    expect(JSON.stringify(listed.body)).not.toContain(created.body.token);
    expect((await member.delete(`/users/me/tokens/${created.body.id}`)).status).toBe(204);
    expect((await program.get("/users/me")).status).toBe(401);
    expect((await member.delete(`/users/me/tokens/${created.body.id}`)).status).toBe(404);
    expect((await member.delete("/users/me/tokens/nonsense")).status).toBe(404);
  });

  test.each([
    {},
    { name: "" },
    { name: "x", expires_in_days: 0 },
    { name: "x", scopes: [] },
    { name: "x", scopes: ["root"] },
  ])("refuse %j", async (body) => {
    expect((await admin.post("/users/me/tokens", body)).status).toBe(400);
  });

  test("of another member are not found; an administrator manages them", async () => {
    const [member, other] = [await api.asMember(), await api.asMember()];
    const path = `/users/${other.user.id}/tokens`;
    const created = await admin.post(path, { name: "for you" });
    expect(created.status).toBe(201);
    expect((await api.withToken(created.body.token).get("/users/me")).body.id).toBe(other.user.id);
    expect((await member.get(path)).status).toBe(404);
    expect((await member.post(path, { name: "x" })).status).toBe(404);
    expect((await member.delete(`${path}/${created.body.id}`)).status).toBe(404);
    expect((await member.delete(`/users/me/tokens/${created.body.id}`)).status).toBe(404);
    expect((await admin.get(`/users/${randomUUID()}/tokens`)).status).toBe(404);
    expect((await admin.delete(`${path}/${created.body.id}`)).status).toBe(204);
  });

  test("are at most 100 a person", async () => {
    const member = await api.asMember();
    await api.sql`INSERT INTO api_tokens (id, user_id, name, token_hash)
      SELECT gen_random_uuid(), ${member.user.id}, 'n', ${member.user.id} || n FROM generate_series(1, 99) n`;
    expect((await member.post("/users/me/tokens", { name: "x" })).status).toBe(409);
  });
});

describe("sessions", () => {
  test("are listed and ended by their owner", async () => {
    const member = await api.asMember({ via: "session" });
    const list = (await member.get("/users/me/sessions")).body;
    expect(list).toEqual([
      {
        id: expect.any(String),
        user_agent: "vitest",
        created_at: expect.any(String),
        last_seen_at: expect.any(String),
        expires_at: expect.any(String),
        current: true,
      },
    ]);
    expect(JSON.stringify(list)).not.toContain(member.credential);
    expect((await member.delete("/users/me/sessions?keep=current")).status).toBe(204);
    expect((await member.get("/users/me/sessions")).body).toEqual(list);
    expect((await member.delete("/users/me/sessions")).status).toBe(204);
    expect((await member.get("/users/me")).status).toBe(401);
  });

  test("are ended one by one", async () => {
    const { user, ...here } = await api.asMember({ via: "session", password: PASSWORD });
    const elsewhere = await api.anonymous.post("/api/auth/sign-in", { email: user.email, password: PASSWORD });
    const cookie = elsewhere.headers.getSetCookie()[0]?.split(/[=;]/)[1] ?? "";
    const sessions = (await here.get("/users/me/sessions")).body as { id: string; current: boolean }[];
    const other = sessions.find((session) => !session.current);
    const stranger = await api.asMember();
    for (const path of [`/users/me/sessions/${other?.id}`, `/users/${user.id}/sessions/${other?.id}`]) {
      expect((await stranger.delete(path)).status).toBe(404);
    }
    expect((await here.delete(`/users/me/sessions/${other?.id}`)).status).toBe(204);
    expect((await api.withCookie(cookie).get("/users/me")).status).toBe(401);
    expect((await here.get("/users/me")).status).toBe(200);
    expect((await here.delete(`/users/me/sessions/${other?.id}`)).status).toBe(404);
  });

  test("of another member are not found; an administrator ends them", async () => {
    const [member, other] = [await api.asMember(), await api.asMember({ via: "session" })];
    const path = `/users/${other.user.id}/sessions`;
    expect((await member.get(path)).status).toBe(404);
    expect((await member.delete(path)).status).toBe(404);
    expect((await admin.delete(path)).status).toBe(204);
    expect((await other.get("/users/me")).status).toBe(401);
  });
});
