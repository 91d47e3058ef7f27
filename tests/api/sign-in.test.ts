import { describe, expect, test } from "vitest";
import { updateUser } from "@/db/queries/users";
import { systemClock } from "@/lib/clock";
import { setRuntime } from "@/lib/server/runtime";
import { createTestApi } from "../support/api";

let now = Date.now();
const api = await createTestApi({ clock: { ...systemClock, now: () => now } });
const PASSWORD = "correct horse battery";
const nextMinute = () => {
  now += 61_000;
};

const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
  api.anonymous.post("/api/auth/sign-in", { email, password }, { headers });
const cookieOf = (answer: { headers: Headers }, name: string) =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.split(/[=;]/)[1] ?? "";

describe("signing in", () => {
  test("gives a session cookie that scripts cannot read", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    const answer = await signIn(user.email.toUpperCase(), PASSWORD);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(user);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^slipway_session=slps_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/),
      expect.stringMatching(/^slipway_device=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=31536000$/),
    ]);
    const me = await api.withCookie(cookieOf(answer, "slipway_session")).get("/users/me");
    expect(me.body).toEqual(user);
  });

  test("gives a __Host- cookie over https", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    setRuntime({ ...api.runtime, accessUrl: "https://slipway.test" });
    try {
      const answer = await signIn(user.email, PASSWORD, { origin: "https://slipway.test" });
      expect(answer.headers.getSetCookie()).toEqual([
        expect.stringMatching(/^__Host-slipway_session=\S+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure$/),
        expect.stringMatching(/^__Host-slipway_device=\S+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=31536000; Secure$/),
      ]);
      const cookie = `__Host-slipway_session=${cookieOf(answer, "__Host-slipway_session")}`;
      expect((await api.anonymous.get("/users/me", { headers: { cookie } })).status).toBe(200);
      const unprefixed = cookie.slice("__Host-".length);
      expect((await api.anonymous.get("/users/me", { headers: { cookie: unprefixed } })).status).toBe(401);
    } finally {
      setRuntime(api.runtime);
    }
  });

  test("replaces the session that the browser held", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    const first = cookieOf(await signIn(user.email, PASSWORD), "slipway_session");
    const second = cookieOf(
      await signIn(user.email, PASSWORD, { cookie: `slipway_session=${first}` }),
      "slipway_session",
    );
    expect(second).not.toBe(first);
    expect((await api.withCookie(first).get("/users/me")).status).toBe(401);
    expect((await api.withCookie(second).get("/users/me")).status).toBe(200);
  });

  test("answers alike whether address or password is wrong, or there is no password", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    const passwordless = await api.asMember();
    const answers = [
      await signIn(user.email, "wrong"),
      await signIn("nobody@example.test", "wrong"),
      await signIn(passwordless.user.email, "wrong"),
    ];
    for (const { status, body, headers } of answers) {
      expect(status).toBe(401);
      expect({ ...body, request_id: "" }).toEqual({ ...answers[0]?.body, request_id: "" });
      expect(headers.getSetCookie()).toEqual([]);
    }
    nextMinute();
  });

  test("is refused to the suspended, and to other sites", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    for (const origin of ["null", "https://evil.example"]) {
      expect((await signIn(user.email, PASSWORD, { origin })).status).toBe(403);
    }
    await updateUser(api.db, { userId: user.id, suspended: true });
    const answer = await signIn(user.email, PASSWORD);
    expect(answer.status).toBe(401);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test("refuses what is no e-mail address and password", async () => {
    for (const body of [
      {},
      { email: "x" },
      { email: "x", password: 1 },
      { email: "x", password: "y", extra: 1 },
      [],
      "x",
    ]) {
      expect((await api.anonymous.post("/api/auth/sign-in", body)).status).toBe(400);
    }
  });

  test("keeps at most 50 sessions of a person, the newest", async () => {
    const { user, credential, ...browser } = await api.asMember({ via: "session", password: PASSWORD });
    await api.sql`INSERT INTO sessions (id, user_id, token_hash, created_at, expires_at)
      SELECT gen_random_uuid(), ${user.id}, 'h' || n, now() - n * interval '1 hour', now() + interval '1 day'
      FROM generate_series(1, 60) n`;
    expect((await signIn(user.email, PASSWORD)).status).toBe(200);
    expect((await browser.get("/users/me/sessions")).body).toHaveLength(50);
  });
});

describe("guessing", () => {
  test("ends after 5 failures a minute for an account, also with the right password, also at once", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    const guesses = await Promise.all(Array.from({ length: 8 }, () => signIn(user.email, "wrong")));
    expect(guesses.map((answer) => answer.status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const refused = await signIn(user.email, PASSWORD);
    expect(refused.status).toBe(429);
    expect(refused.body.code).toBe("rate_limited");
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
    const other = await api.asMember({ password: PASSWORD });
    expect((await signIn(other.user.email, PASSWORD)).status).toBe(200);
    nextMinute();
    expect((await signIn(user.email, PASSWORD)).status).toBe(200);
  });

  test("ends after 20 failures a minute for a sender, and others go on", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    const sender = { "x-slipway-peer": "203.0.113.7" };
    const statuses: number[] = [];
    for (let index = 0; index < 21; index++) {
      statuses.push((await signIn(`nobody${index}@example.test`, "wrong", sender)).status);
    }
    expect(statuses).toEqual([...Array(20).fill(401), 429]);
    expect((await signIn(user.email, PASSWORD, sender)).status).toBe(429);
    expect((await signIn(user.email, PASSWORD, { "x-slipway-peer": "203.0.113.8" })).status).toBe(200);
    nextMinute();
  });

  test("locks nobody out of a browser that signed in before", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    const device = cookieOf(await signIn(user.email, PASSWORD), "slipway_device");
    for (let index = 0; index < 5; index++) await signIn(user.email, "wrong");
    expect((await signIn(user.email, PASSWORD)).status).toBe(429);
    expect((await signIn(user.email, PASSWORD, { cookie: `slipway_device=${device}` })).status).toBe(200);
    expect((await signIn(user.email, PASSWORD, { cookie: "slipway_device=forged" })).status).toBe(429);
    const other = await api.asMember({ password: PASSWORD });
    const foreign = cookieOf(await signIn(other.user.email, PASSWORD), "slipway_device");
    expect((await signIn(user.email, PASSWORD, { cookie: `slipway_device=${foreign}` })).status).toBe(429);
    nextMinute();
  });

  test("is limited from a known browser too", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    const cookie = `slipway_device=${cookieOf(await signIn(user.email, PASSWORD), "slipway_device")}`;
    for (let index = 0; index < 5; index++) expect((await signIn(user.email, "wrong", { cookie })).status).toBe(401);
    expect((await signIn(user.email, PASSWORD, { cookie })).status).toBe(429);
    nextMinute();
  });

  test("does not count those who know their password", async () => {
    const { user } = await api.asMember({ password: PASSWORD });
    for (let index = 0; index < 8; index++) expect((await signIn(user.email, PASSWORD)).status).toBe(200);
  });
});

describe("signing out", () => {
  test("ends the session and removes the cookie", async () => {
    const { credential, ...browser } = await api.asMember({ via: "session" });
    const answer = await browser.post("/api/auth/sign-out");
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toEqual(["slipway_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"]);
    expect((await browser.get("/users/me")).status).toBe(401);
  });

  test("is nothing another site can do", async () => {
    const { credential, ...browser } = await api.asMember({ via: "session" });
    for (const origin of ["null", "https://evil.example"]) {
      expect((await browser.post("/api/auth/sign-out", undefined, { headers: { origin } })).status).toBe(403);
    }
    const cookie = `slipway_session=${credential}`;
    expect((await api.anonymous.post("/api/auth/sign-out", undefined, { headers: { cookie } })).status).toBe(403);
    expect((await browser.get("/users/me")).status).toBe(200);
  });

  test("works without a session", async () => {
    expect((await api.anonymous.post("/api/auth/sign-out")).status).toBe(204);
  });
});

test("the ways to sign in are public", async () => {
  const answer = await api.anonymous.get("/api/auth/providers");
  expect(answer.body).toEqual([{ id: "password", type: "password", display_name: "Email and password" }]);
});
