/**
 * What no endpoint may do whatever it is sent: answer 500, hang, or tell a person of another one's things. Generated from
 * the table of routes, so that a new route is in here without being asked.
 */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { setRuntime } from "@/lib/server/runtime";
import { type Answer, createTestApi, type SignedInClient } from "../support/api";
import {
  type Endpoint,
  endpoints,
  fieldsOf,
  fill,
  isWrongType,
  METHODS,
  nameOf,
  parametersOf,
  plainBody,
} from "../support/endpoints";
import { createIdleWorkspaces, createWorld, insertShared, type World } from "../support/one-of-everything";

const api = await createTestApi();
setRuntime({ ...api.runtime, workspaces: createIdleWorkspaces(api) });
const kinds = await insertShared(api);
const admin = await createWorld(api, await api.asAdmin());
const member = await createWorld(api, await api.asMember());
const stranger = await createWorld(api, await api.asMember());

const named = (list: Endpoint[]) => list.map((endpoint) => [nameOf(endpoint), endpoint] as const);
/** Signing in and setting up count failures, and have tests of their own. */
const closed = endpoints.filter(({ spec }) => spec.access !== "public");
const isForMembers = ({ spec }: Endpoint) => spec.access === "member";

/** The status and, when it is JSON, the body; a stream that opens is left at once. */
async function call(client: SignedInClient, method: string, path: string, body?: unknown): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers: Record<string, string> = body === undefined ? {} : { "content-type": "application/json" };
  const response = await client.fetch(path, {
    method,
    body: text ?? null,
    headers,
    signal: AbortSignal.timeout(20_000),
  });
  const isJson = response.headers.get("content-type")?.includes("json");
  if (!isJson) await response.body?.cancel();
  return { status: response.status, headers: response.headers, body: isJson ? await response.json() : undefined };
}

/** The ids of a path for this endpoint, `[id]` being a template or a workspace. */
const idsFor = ({ pattern }: Endpoint, { ids }: World): World["ids"] =>
  pattern.includes("/templates/") ? { ...ids, ...kinds, id: kinds.template } : { ...ids, ...kinds };

/** JSON texts rather than values: JavaScript cannot hold some of them. */
const HOSTILE = [
  "null",
  "true",
  "-1",
  "1.5",
  "1e308",
  "9007199254740993",
  "1e999",
  '""',
  '" "',
  "[]",
  "{}",
  "[[]]",
  '{"a":{"b":[1]}}',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\ud800"',
  '["\\udc00"]',
  '{"\\u0000":"x"}',
  '{"__proto__":{"x":1}}',
  '"../../etc/passwd"',
  `"${"x".repeat(20_000)}"`,
  '"0197f0a0-0000-7000-8000-00000000abcd"',
  '"\'; DROP TABLE chats; --"',
  '"\\u202e%00"',
]; // prettier-ignore

describe("a field of a wrong type or with a hostile value is refused by name, or is harmless", () => {
  const withFields = closed.filter(({ spec }) => fieldsOf(spec.body).length > 0);
  test.each(named(withFields))("%s", async (_name, endpoint) => {
    const { method, pattern, spec } = endpoint;
    // Somebody else's account, so that the administrator keeps theirs.
    const path = () => fill(pattern, { ...idsFor(endpoint, admin), user: stranger.ids.user! });
    const plain = plainBody(endpoint) as Record<string, unknown>;
    for (const [field, schema] of fieldsOf(spec.body)) {
      const { [field]: _replaced, ...others } = plain;
      const rest = JSON.stringify(others).slice(1, -1);
      for (const hostile of HOSTILE) {
        const body = `{${JSON.stringify(field)}:${hostile}${rest && `,${rest}`}}`;
        const answer = await call(admin.client, method, path(), body);
        expect(answer.status, `${field}: ${hostile.slice(0, 40)}`).toBeLessThan(500);
        if (!isWrongType(schema, JSON.parse(hostile))) continue;
        expect(answer.status, `${field}: ${hostile.slice(0, 40)}`).toBe(400);
        const fields = answer.body.validations.map((validation: { field: string }) => validation.field);
        expect(fields.some((name: string) => name === field || name.startsWith(`${field}.`))).toBe(true);
      }
    }
  });
});

describe("a body that is nested deeply, or large in many small pieces, is refused", () => {
  test.each(named(closed.filter(({ spec }) => spec.body)))("%s", async (_name, { method, pattern }) => {
    const deep = 50_000;
    for (const body of [
      "[".repeat(deep) + "]".repeat(deep),
      `{"content":${'{"a":'.repeat(deep / 5)}1${"}".repeat(deep / 5)}}`,
      `{"labels":{${Array.from({ length: 9_000 }, (_, index) => `"k${index}":""`).join(",")}}}`,
      `{${Array.from({ length: 9_000 }, (_, index) => `"k${index}":""`).join(",")}}`,
      `${"[".repeat(deep)}`,
    ]) {
      expect((await call(admin.client, method, fill(pattern, { ...admin.ids, ...kinds }), body)).status).toBe(400);
    }
  });
});

describe("a query with a key twice, or with a hostile value, is refused or harmless", () => {
  const VALUES = [
    "",
    "-1",
    "1.5",
    "1e9",
    "0x10",
    "99999999999999999999",
    "NaN",
    "%00",
    "%ff",
    "null",
    "[]",
    "'--",
    "%F0%9F",
  ];
  test.each(named(closed.filter(({ spec }) => fieldsOf(spec.query).length > 0)))("%s", async (_name, endpoint) => {
    const path = fill(endpoint.pattern, idsFor(endpoint, admin));
    for (const [key, schema] of fieldsOf(endpoint.spec.query)) {
      for (const value of [...VALUES, "x".repeat(5_000)]) {
        const { status } = await call(admin.client, endpoint.method, `${path}?${key}=${value}`);
        expect(status, `${key}=${value.slice(0, 40)}`).toBeLessThan(500);
      }
      if (!isWrongType(schema, ["1", "1"])) continue;
      const twice = await call(admin.client, endpoint.method, `${path}?${key}=1&${key}=1`);
      expect(twice.status, `${key} twice`).toBe(400);
    }
  });
});

/** An answer without what differs from request to request. */
const comparable = ({ status, body }: Answer) => ({ status, ...body, request_id: undefined });

describe("another person's ids, and ids of other kinds, are those of nothing", () => {
  const withIds = closed.filter((endpoint) => isForMembers(endpoint) && endpoint.pattern.includes("["));
  test.each(named(withIds))("%s", async (_name, endpoint) => {
    const { method, pattern, spec } = endpoint;
    const body = plainBody(endpoint);
    const own = idsFor(endpoint, member);
    const foreign = idsFor(endpoint, stranger);
    const ask = (ids: World["ids"]) => call(member.client, method, fill(pattern, ids), spec.body ? body : undefined);
    for (const name of parametersOf(pattern)) {
      const { [name]: _own, ...others } = own;
      const nothing = comparable(await ask(others));
      expect(nothing.status).toBe(404);
      expect(comparable(await ask({ ...own, [name]: foreign[name]! })), `another's ${name}`).toEqual(nothing);
      for (const [kind, id] of Object.entries({ ...own, ...stranger.ids, ...kinds })) {
        const isOwnKind = kind === name || (name === "id" && kind === "template");
        if (isOwnKind || typeof id !== typeof own[name]) continue;
        expect(comparable(await ask({ ...own, [name]: id })), `${kind} as ${name}`).toEqual(nothing);
      }
    }
    // All of another's at once: its message in its chat, its build in its workspace.
    expect((await ask(foreign)).status).toBe(404);
  });
});

describe("a reference in a body to another person's object, or one of another kind, cannot be used", () => {
  const references = closed.filter(isForMembers).flatMap((endpoint) =>
    fieldsOf(endpoint.spec.body)
      // Maps keyed by ids have tests of their own.
      .filter(([, schema]) => schema.type !== "object" && JSON.stringify(schema).includes('"uuid"'))
      .map(([field]) => [`${nameOf(endpoint)} ${field}`, endpoint, field] as const),
  );
  test.each(references)("%s", async (_name, endpoint, field) => {
    const path = fill(endpoint.pattern, idsFor(endpoint, member));
    const plain = plainBody(endpoint) as Record<string, unknown>;
    const usable: Record<string, unknown> = { model_config_id: kinds.config, template_id: kinds.template };
    const candidates = { ...stranger.ids, ...kinds, nothing: randomUUID() };
    for (const [kind, id] of Object.entries(candidates)) {
      if (typeof id !== "string" || id === usable[field]) continue;
      const answer = await call(member.client, endpoint.method, path, { ...plain, [field]: id });
      expect(answer.status, `${kind} as ${field}`).toBe(422);
    }
  });
});

describe("a path that does not decode, or holds what no id holds, is not found", () => {
  test.each(named(closed.filter(({ pattern }) => pattern.includes("["))))("%s", async (_name, endpoint) => {
    for (const id of ["%", "%zz", "%c3%28", "%00", "..%2f..", "%0a", "9".repeat(400), "%F0%9F%92%A9", "-1", "1e3"]) {
      for (const name of parametersOf(endpoint.pattern)) {
        const path = fill(endpoint.pattern, { ...idsFor(endpoint, admin), [name]: id });
        expect((await call(admin.client, endpoint.method, path)).status, id.slice(0, 20)).toBe(404);
      }
    }
  });
});

test("methods that no endpoint has are refused on each path with those it has", async () => {
  const patterns = [...new Set(endpoints.map(({ pattern }) => pattern))];
  for (const pattern of patterns) {
    const own = endpoints.filter((endpoint) => endpoint.pattern === pattern).map(({ method }) => method);
    for (const method of ["PROPFIND", ...METHODS.filter((each) => !own.includes(each))]) {
      const answer = await call(admin.client, method, fill(pattern));
      expect(answer.status, `${method} ${pattern}`).toBe(405);
      expect(answer.headers.get("allow")).toContain(own[0]!);
    }
    const options = await call(admin.client, "OPTIONS", fill(pattern));
    expect([options.status, options.headers.get("allow")]).toEqual([204, expect.stringContaining(own[0]!)]);
  }
});
