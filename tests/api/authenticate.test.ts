import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { insertSession } from "@/db/queries/sessions";
import { insertToken } from "@/db/queries/tokens";
import { updateUser } from "@/db/queries/users";
import { authenticate } from "@/lib/auth/authenticate";
import { sha256 } from "@/lib/ids";
import { ACCESS_URL, createTestApi } from "../support/api";

const api = await createTestApi();

describe("a credential", () => {
  test("is needed", async () => {
    const answer = await api.anonymous.get("/users/me");
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: "unauthorized", validations: [] });
    expect(answer.body.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("may be an API token or a session cookie", async () => {
    for (const via of ["token", "session"] as const) {
      const member = await api.asMember({ via });
      const answer = await member.get("/users/me");
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ id: member.user.id, role: "member", email: member.user.email, name: "" });
      expect(answer.body.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    }
  });

  test.each(["", "Bearer", "Bearer ", "Basic abc", "Bearer slp_unknown", "slp_unknown"])(
    "that reads %j is refused, even beside a good cookie",
    async (authorization) => {
      const { credential } = await api.asMember({ via: "session" });
      const answer = await api.withCookie(credential, { authorization }).get("/users/me");
      expect(answer.status).toBe(401);
    },
  );

  test("is refused once it has expired", async () => {
    const { user } = await api.asMember();
    const [cookie, token] = [randomUUID(), randomUUID()];
    const owner = { id: randomUUID(), userId: user.id };
    await insertSession(api.db, { ...owner, tokenHash: sha256(cookie), userAgent: "", lifetimeMs: 60_000 });
    await insertToken(api.db, { ...owner, name: "x", tokenHash: sha256(token), scopes: null, expiresInDays: 1 });
    expect((await api.withCookie(cookie).get("/users/me")).status).toBe(200);
    expect((await api.withToken(token).get("/users/me")).status).toBe(200);
    await api.sql`UPDATE sessions SET expires_at = now() WHERE id = ${owner.id}`;
    await api.sql`UPDATE api_tokens SET expires_at = now() WHERE id = ${owner.id}`;
    expect((await api.withCookie(cookie).get("/users/me")).status).toBe(401);
    expect((await api.withToken(token).get("/users/me")).status).toBe(401);
  });

  test("of a suspended person is refused at once", async () => {
    for (const via of ["token", "session"] as const) {
      const member = await api.asMember({ via });
      await updateUser(api.db, { userId: member.user.id, suspended: true });
      expect((await member.get("/users/me")).status).toBe(401);
    }
  });

  test("follows the person's role at once", async () => {
    const member = await api.asMember();
    expect((await member.get("/users")).status).toBe(403);
    await updateUser(api.db, { userId: member.user.id, role: "admin" });
    expect((await member.get("/users")).status).toBe(200);
  });

  test("is stored as a hash only", async () => {
    const member = await api.asMember();
    const browser = await api.asMember({ via: "session" });
    const rows = await api.sql`SELECT token_hash FROM sessions UNION ALL SELECT token_hash FROM api_tokens`;
    const stored = JSON.stringify(rows);
    expect(stored).not.toContain(member.credential);
    expect(stored).not.toContain(browser.credential);
    expect(stored).toContain(sha256(member.credential));
  });

  test("records its last use at most once a minute", async () => {
    const member = await api.asMember();
    const lastUse = async () => {
      const [row] = await api.sql`SELECT last_used_at FROM api_tokens WHERE user_id = ${member.user.id}`;
      return row?.last_used_at as string | null;
    };
    await member.get("/users/me");
    await expect.poll(lastUse).not.toBeNull();
    const first = await lastUse();
    await member.get("/users/me");
    expect(await lastUse()).toBe(first);
    await api.sql`UPDATE api_tokens SET last_used_at = now() - interval '61 seconds' WHERE user_id = ${member.user.id}`;
    const aged = await lastUse();
    await member.get("/users/me");
    await expect.poll(lastUse).not.toBe(aged);
  });
});

describe("a session cookie", () => {
  const origins: [string, Record<string, string>, { read: number; write: number }][] = [
    ["the access URL", { origin: ACCESS_URL }, { read: 200, write: 200 }],
    ["null", { origin: "null" }, { read: 403, write: 403 }],
    ["a host that starts alike", { origin: "http://127.0.0.1.evil.com:3000" }, { read: 403, write: 403 }],
    ["localhost.evil.com", { origin: "http://localhost.evil.com:3000" }, { read: 403, write: 403 }],
    ["another port", { origin: "http://127.0.0.1:3001" }, { read: 403, write: 403 }],
    ["no port", { origin: "http://127.0.0.1" }, { read: 403, write: 403 }],
    ["another scheme", { origin: "https://127.0.0.1:3000" }, { read: 403, write: 403 }],
    ["another name of this machine", { origin: "http://localhost:3000" }, { read: 403, write: 403 }],
    ["a user name before the host", { origin: "http://127.0.0.1:3000@evil.com" }, { read: 403, write: 403 }],
    ["a trailing slash", { origin: "http://127.0.0.1:3000/" }, { read: 403, write: 403 }],
    ["an empty text", { origin: "" }, { read: 403, write: 403 }],
  ];

  test.each(origins)("with the origin %s", async (_name, headers, expected) => {
    const { credential } = await api.asMember({ via: "session" });
    const browser = api.withCookie(credential, headers);
    expect((await browser.get("/users/me")).status).toBe(expected.read);
    expect((await browser.get("/users/me", { headers: { accept: "text/event-stream" } })).status).toBe(expected.read);
    expect((await browser.patch("/users/me", { name: "x" })).status).toBe(expected.write);
  });

  test("reads without an origin, but writes only with one", async () => {
    const { credential } = await api.asMember({ via: "session" });
    const headers = { cookie: `slipway_session=${credential}` };
    const request = (method: string, more: Record<string, string> = {}) =>
      authenticate(new Request(`${ACCESS_URL}/api/x`, { method, headers: { ...headers, ...more } }), {
        db: api.db,
        accessUrl: ACCESS_URL,
      });
    await expect(request("GET")).resolves.toMatchObject({ via: "session" });
    await expect(request("GET", { "sec-fetch-site": "same-origin" })).resolves.toBeDefined();
    await expect(request("GET", { "sec-fetch-site": "none" })).resolves.toBeDefined();
    await expect(
      request("GET", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }),
    ).resolves.toBeDefined();
    for (const site of ["cross-site", "same-site"]) {
      await expect(request("GET", { "sec-fetch-site": site, "sec-fetch-mode": "no-cors" })).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      await expect(request(method)).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  test("is read among others, and only under its own name", async () => {
    const { credential } = await api.asMember({ via: "session" });
    const read = (cookie: string) => api.anonymous.get("/users/me", { headers: { cookie } });
    expect((await read(`a=1; slipway_session=${credential}; b=2`)).status).toBe(200);
    expect((await read(`__Host-slipway_session=${credential}`)).status).toBe(401);
    expect((await read(`xslipway_session=${credential}`)).status).toBe(401);
  });
});

test("an API token needs no origin, whatever the browser says", async () => {
  const member = await api.asMember();
  const answer = await member.patch("/users/me", { name: "x" }, { headers: { origin: "https://evil.example" } });
  expect(answer.status).toBe(200);
});

describe("a limited API token", () => {
  test("with the scope read only reads", async () => {
    const admin = await api.asAdmin({ scopes: ["read"] });
    expect((await admin.get("/users")).status).toBe(200);
    expect((await admin.patch("/users/me", { name: "x" })).status).toBe(403);
    expect((await admin.post("/users/me/tokens", { name: "more" })).status).toBe(403);
  });

  test("with the scope chat knows its owner and nothing else of people", async () => {
    const admin = await api.asAdmin({ scopes: ["chat"] });
    expect((await admin.get("/users/me")).status).toBe(200);
    expect((await admin.get("/users")).status).toBe(403);
    expect((await admin.post("/users/me/tokens", { name: "more" })).status).toBe(403);
  });

  test("with the scope admin does everything its owner may", async () => {
    const admin = await api.asAdmin({ scopes: ["admin"] });
    expect((await admin.post("/users/me/tokens", { name: "more" })).status).toBe(201);
    const member = await api.asMember({ scopes: ["admin"] });
    expect((await member.get("/users")).status).toBe(403);
  });
});
