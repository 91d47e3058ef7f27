/** Rules that every endpoint keeps, generated from the table of routes: a new route is in here without being asked. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { updateUser } from "@/db/queries/users";
import { MAX_BODY_BYTES } from "@/lib/server/http";
import { createTestApi } from "../support/api";
import { fill, nameOf, type Endpoint as TableEndpoint, endpoints as table } from "../support/endpoints";

/** What anybody on the network may call. A route that is added here is a decision, not an accident. */
const PUBLIC = [
  "GET /api/auth/providers",
  "GET /api/health",
  "GET /api/metrics",
  "POST /api/auth/setup",
  "POST /api/auth/sign-in",
  "POST /api/auth/sign-out",
  "POST /api/experimental/webhooks/forgejo",
  "POST /api/experimental/webhooks/github",
  "POST /api/experimental/webhooks/gitlab",
];
type Endpoint = TableEndpoint & { path: string };

const api = await createTestApi();
const admin = await api.asAdmin();
const member = await api.asMember();

/** With a well-formed id of nothing in place of each parameter. */
const endpoints: Endpoint[] = table.map((endpoint) => ({ ...endpoint, path: fill(endpoint.pattern) }));
const closed = endpoints.filter((endpoint) => !PUBLIC.includes(nameOf(endpoint)));
const named = (list: Endpoint[]) => list.map((endpoint) => [nameOf(endpoint), endpoint] as const);
const withBody = closed.filter(({ spec }) => spec.body);

test("every endpoint is made by route() and says what it does", () => {
  const unnamed = endpoints.filter(({ spec }) => !spec?.summary).map(nameOf);
  expect(unnamed).toEqual([]);
});

test("the public endpoints are exactly the known ones", () => {
  const open = endpoints.filter(({ spec }) => spec.access === "public").map(nameOf);
  expect(open.sort()).toEqual(PUBLIC);
});

describe("without a valid credential an endpoint answers 401, whatever else is wrong", () => {
  test.each(named(closed))("%s", async (_name, { method, path }) => {
    const expired = await api.asAdmin({ via: "session" });
    await api.sql`UPDATE sessions SET expires_at = now() WHERE user_id = ${expired.user.id}`;
    const strangers = [api.anonymous, api.withToken("slp_unknown"), api.withCookie("slps_unknown"), expired];
    for (const stranger of strangers) {
      const answer = await stranger.call(method, `${path}?nonsense=1`);
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({
        code: "unauthorized",
        message: expect.any(String),
        request_id: expect.any(String),
        validations: [],
      });
    }
  });
});

test("a suspended administrator is nobody", async () => {
  const suspended = await api.asAdmin();
  await updateUser(api.db, { userId: suspended.user.id, suspended: true });
  for (const { method, path } of closed) expect((await suspended.call(method, path)).status).toBe(401);
});

describe("a member gets 403 from an administrators' endpoint", () => {
  test.each(named(closed.filter(({ spec }) => spec.access === "admin")))("%s", async (_name, { method, path }) => {
    expect((await member.call(method, path)).status).toBe(403);
  });
});

describe("a malformed id in the path is not found", () => {
  test.each(named(closed.filter(({ pattern }) => pattern.includes("["))))("%s", async (_name, { method, pattern }) => {
    for (const value of ["Nonsense", "0", "%27--", "%00", "..%2f..", `${randomUUID()}X`]) {
      expect((await admin.call(method, pattern.replace(/\[[^\]]+\]/g, value))).status).toBe(404);
    }
  });
});

describe("an id of nothing is not found", () => {
  const bodiless = closed.filter(({ pattern, spec }) => pattern.includes("[") && !spec.body);
  test.each(named(bodiless))("%s", async (_name, { method, path }) => {
    for (const client of [admin, member]) {
      const answer = await client.call(method, path);
      expect([403, 404]).toContain(answer.status);
    }
    expect((await admin.call(method, path)).status).toBe(404);
  });
});

describe("an unknown query key is refused", () => {
  test.each(named(closed.filter(({ spec }) => spec.access !== "public")))("%s", async (_name, { method, path }) => {
    const answer = await admin.call(method, `${path}?nonsense=1`);
    expect(answer.status).toBe(400);
    expect(answer.body.validations).toContainEqual({ field: "nonsense", detail: expect.any(String) });
  });
});

describe("a body that is no JSON, of another type, unknown or too large is refused", () => {
  test.each(named(withBody))("%s", async (_name, { method, path, spec }) => {
    const isOptional = spec.body?.safeParse(undefined).success;
    const send = async (body: string, type = "application/json") => {
      const response = await admin.fetch(path, { method, body, headers: { "content-type": type } });
      await response.text();
      return response.status;
    };
    expect(await send("{")).toBe(400);
    if (!isOptional) expect(await send("")).toBe(400);
    expect(await send("null")).toBe(400);
    expect(await send("[]")).toBe(400);
    expect(await send('{"nonsense_key": 1}')).toBe(400);
    expect(await send('{"__proto__": {"role": "admin"}}')).toBe(400);
    expect(await send("a=1", "application/x-www-form-urlencoded")).toBe(400);
    expect(await send("{}", "text/plain")).toBe(400);
    expect(await send(JSON.stringify("x".repeat(MAX_BODY_BYTES)))).toBe(413);
  });
});

describe("a browser is believed on its own site only", () => {
  const foreign = ["null", "https://evil.example", "http://localhost.evil.com:3000", "http://127.0.0.1:3001"];
  test.each(named(closed))("%s", async (_name, { method, path }) => {
    const { credential } = await api.asAdmin({ via: "session" });
    for (const origin of foreign) {
      expect((await api.withCookie(credential, { origin }).call(method, path)).status).toBe(403);
    }
    if (method === "GET") return;
    const cookie = `slipway_session=${credential}`;
    expect((await api.anonymous.call(method, path, { headers: { cookie } })).status).toBe(403);
  });
});

describe("a token that only reads writes nothing", () => {
  test.each(named(closed.filter(({ method }) => method !== "GET")))("%s", async (_name, { method, path }) => {
    const reader = await api.asAdmin({ scopes: ["read"] });
    expect((await reader.call(method, path, { body: {} })).status).toBe(403);
  });
});

test("no answer allows other sites to read it", async () => {
  for (const { method, path } of endpoints) {
    const response = await admin.fetch(path, { method, headers: { origin: "https://evil.example" } });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    await response.body?.cancel();
  }
});

test("an unknown path is not found, also below the API", async () => {
  for (const path of ["/api/nonsense", "/api/experimental", "/api/experimental/nonsense/deeper", "/api/%"]) {
    expect((await admin.get(path)).status).toBe(404);
  }
});
