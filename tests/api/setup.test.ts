import { beforeEach, describe, expect, test } from "vitest";
import { ensureSetup } from "@/lib/auth/setup";
import { sha256 } from "@/lib/ids";
import { ACCESS_URL, createTestApi } from "../support/api";

const api = await createTestApi();
const person = { email: "Ada@Example.test", username: "ada", password: "correct horse" };

beforeEach(async () => {
  await api.sql`TRUNCATE users CASCADE`;
  await api.sql`TRUNCATE settings`;
});

async function openSetup(): Promise<string> {
  const { setupToken } = await ensureSetup({ db: api.db, env: {} });
  if (!setupToken) throw new Error("No setup token was made.");
  return setupToken;
}

const claim = (setupToken: string, body: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
  api.anonymous.post("/api/auth/setup", { setup_token: setupToken, ...person, ...body }, { headers });

describe("the first start", () => {
  test("opens a link that creates the first administrator and signs them in", async () => {
    const answer = await claim(await openSetup());
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ email: "ada@example.test", username: "ada", role: "admin", suspended: false });
    const cookie = answer.headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/^slipway_session=slps_[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/);
    const browser = api.withCookie(cookie.slice("slipway_session=".length, cookie.indexOf(";")));
    expect((await browser.get("/users")).body).toEqual([expect.objectContaining(answer.body)]);
  });

  test("stores the token as a hash only", async () => {
    const setupToken = await openSetup();
    const [row] = await api.sql`SELECT value FROM settings WHERE key = 'setup_token'`;
    expect(JSON.stringify(row)).not.toContain(setupToken);
    expect(JSON.stringify(row)).toContain(sha256(setupToken));
  });

  test("has a link that works once", async () => {
    const setupToken = await openSetup();
    expect((await claim(setupToken)).status).toBe(201);
    const again = await claim(setupToken, { email: "eve@example.test", username: "eve" });
    expect(again.status).toBe(401);
    expect(await api.sql`SELECT id FROM users`).toHaveLength(1);
  });

  test("has a link that one of 100 claims at once wins", async () => {
    const setupToken = await openSetup();
    const claims = Array.from({ length: 100 }, (_, index) =>
      claim(setupToken, { email: `p${index}@example.test`, username: `p${index}` }),
    );
    const statuses = (await Promise.all(claims)).map((answer) => answer.status).sort();
    expect(statuses).toEqual([201, ...Array(99).fill(401)]);
    expect(await api.sql`SELECT id FROM users`).toHaveLength(1);
  });

  test("has a link that ends after 30 minutes", async () => {
    const setupToken = await openSetup();
    const [row] = await api.sql`
      SELECT (value ->> 'expires_at')::timestamptz - now() BETWEEN '29 minutes' AND '30 minutes' AS "isHalfAnHour"
      FROM settings`;
    expect(row?.isHalfAnHour).toBe(true);
    await api.sql`UPDATE settings SET value = jsonb_set(value, '{expires_at}', to_jsonb(now() - interval '1 second'))`;
    expect((await claim(setupToken)).status).toBe(401);
  });

  test("makes the link of an earlier start worthless", async () => {
    const [first, second] = [await openSetup(), await openSetup()];
    expect((await claim(first)).status).toBe(401);
    expect((await claim(second)).status).toBe(201);
  });

  test("keeps the link open when the claim was not valid", async () => {
    const setupToken = await openSetup();
    for (const body of [{ password: "short" }, { email: "no" }, { username: "-" }, { role: "admin" }]) {
      expect((await claim(setupToken, body)).status).toBe(400);
    }
    expect((await claim(setupToken)).status).toBe(201);
  });

  test("refuses a claim that another site sends", async () => {
    const setupToken = await openSetup();
    expect((await claim(setupToken, {}, { origin: "https://evil.example" })).status).toBe(403);
    expect((await claim(setupToken, {}, { origin: ACCESS_URL })).status).toBe(201);
  });

  test("has nothing open before: no link, no account", async () => {
    expect((await claim("")).status).toBe(400);
    expect((await claim("guess")).status).toBe(401);
    expect((await api.anonymous.get("/users")).status).toBe(401);
  });
});

describe("a later start", () => {
  test("opens nothing, and closes what was open", async () => {
    const setupToken = await openSetup();
    await api.asAdmin();
    expect(await ensureSetup({ db: api.db, env: {} })).toEqual({ setupToken: null });
    expect(await api.sql`SELECT key FROM settings`).toHaveLength(0);
    expect((await claim(setupToken)).status).toBe(401);
  });
});

describe("an administrator in the environment", () => {
  const env = {
    SLIPWAY_ADMIN_EMAIL: "Root.User@example.test",
    SLIPWAY_ADMIN_PASSWORD: "correct horse",
    SLIPWAY_ADMIN_TOKEN: "a-token-of-at-least-32-characters!",
  };

  test("is created with password and token while nobody exists", async () => {
    expect(await ensureSetup({ db: api.db, env })).toEqual({ setupToken: null });
    const me = await api.withToken(env.SLIPWAY_ADMIN_TOKEN).get("/users/me");
    expect(me.body).toMatchObject({ email: "root.user@example.test", username: "root-user", role: "admin" });
    const credentials = { email: env.SLIPWAY_ADMIN_EMAIL, password: env.SLIPWAY_ADMIN_PASSWORD };
    expect((await api.anonymous.post("/api/auth/sign-in", credentials)).status).toBe(200);
  });

  test("is not created once somebody exists", async () => {
    await api.asMember();
    expect(await ensureSetup({ db: api.db, env })).toEqual({ setupToken: null });
    expect((await api.withToken(env.SLIPWAY_ADMIN_TOKEN).get("/users/me")).status).toBe(401);
  });

  test("is one, however many processes start at once", async () => {
    await Promise.all(Array.from({ length: 10 }, () => ensureSetup({ db: api.db, env })));
    expect(await api.sql`SELECT id FROM users`).toHaveLength(1);
    expect(await api.sql`SELECT id FROM api_tokens`).toHaveLength(1);
  });

  test("needs no token", async () => {
    const { SLIPWAY_ADMIN_TOKEN: _, ...withoutToken } = env;
    expect(await ensureSetup({ db: api.db, env: withoutToken })).toEqual({ setupToken: null });
    expect(await api.sql`SELECT id FROM api_tokens`).toHaveLength(0);
  });
});
