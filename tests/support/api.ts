/** The HTTP interface over a test database, without sockets: the real route modules behind the real matcher. */
import { randomBytes, randomUUID, scryptSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { insertToken } from "@/db/queries/tokens";
import { insertUser } from "@/db/queries/users";
import { sessionCookieName, startSession } from "@/lib/auth/session";
import { createClaims } from "@/lib/chats/claims";
import { systemClock } from "@/lib/clock";
import type { TokenScope, User, UserRole } from "@/lib/contract/users";
import { parseEnv } from "@/lib/env";
import { createDirectoryStore } from "@/lib/file-store";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { newSecret, sha256 } from "@/lib/ids";
import { createPubSub, type Hint } from "@/lib/pubsub";
import { createSecretBox } from "@/lib/secret-box";
import { createOpenApiDocument } from "@/lib/server/openapi";
import { createRouteHandler } from "@/lib/server/routes";
import { routeModules } from "@/lib/server/routes.generated";
import { type Runtime, setRuntime } from "@/lib/server/runtime";
import { createStreamHub } from "@/lib/streams/hub";
import { checkAnswers } from "./check-answers";
import { createTestDatabase, type TestDatabase } from "./database";

export const ACCESS_URL = "http://127.0.0.1:3000";

/** An answer with its body read: JSON as a value, anything else as text. */
// biome-ignore lint/suspicious/noExplicitAny: tests assert on bodies of every shape; `expect` is their type check
export type Answer = { status: number; headers: Headers; body: any };
type CallOptions = { body?: unknown; headers?: Record<string, string> };

/** Calls endpoints as somebody. A path that does not start with `/api/` gets the prefix `/api/experimental`. */
export type TestClient = {
  get(path: string, options?: CallOptions): Promise<Answer>;
  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  put(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  patch(path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  delete(path: string, options?: CallOptions): Promise<Answer>;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The response itself, its body unread: for streams and raw bodies. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
};
export type SignedInClient = TestClient & { user: User; credential: string };

type Person = {
  role?: UserRole;
  username?: string;
  password?: string;
  via?: "token" | "session";
  scopes?: TokenScope[];
};

export type TestApi = TestDatabase & {
  runtime: Runtime;
  /** Every hint that was published, in order. */
  hints: Hint[];
  anonymous: TestClient;
  /** A new administrator with a client of their own; every call makes another one. */
  asAdmin(person?: Person): Promise<SignedInClient>;
  /** A new member with a client of their own; every call makes another one. */
  asMember(person?: Person): Promise<SignedInClient>;
  withToken(token: string): TestClient;
  /** A browser: the session cookie and the right `Origin`; `headers` override. */
  withCookie(cookie: string, headers?: Record<string, string>): TestClient;
};

/**
 * Call it at the top of a test file, with `await`. `overrides` replace parts of the runtime; workspaces,
 * which need a machine, fail when they are used and the test gave none.
 */
export async function createTestApi(overrides: Partial<Runtime> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const hints: Hint[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), "slipway-api-"));
  const pubsub = overrides.pubsub ?? createPubSub();
  pubsub.subscribe((hint) => hints.push(hint));
  const clock = overrides.clock ?? { ...systemClock };
  const bootId = randomUUID();
  const streams = overrides.streams ?? createStreamHub({ sql: database.sql, pubsub, clock, bootId });
  const runtime: Runtime = {
    env: parseEnv({ SLIPWAY_DATA_DIR: dataDir }),
    accessUrl: ACCESS_URL,
    version: "test",
    build: "test",
    isDevelopment: false,
    bootId,
    installId: randomUUID(),
    isEmbedded: false,
    sql: database.sql,
    secrets: createSecretBox(randomBytes(32)),
    hosts: createGitHosts({ entries: [], clock }),
    files: createDirectoryStore(join(dataDir, "files")),
    workspaces: absent("workspaces"),
    apiDocument: () => createOpenApiDocument({ entries: routeModules, version: "test", accessUrl: ACCESS_URL }),
    daemonProblem: () => null,
    claims: createClaims(),
    ...overrides,
    pubsub,
    clock,
    streams,
  };
  setRuntime(runtime);
  afterAll(async () => {
    expect(problems.splice(0), "every answer is as its endpoint declares").toEqual([]);
  });
  afterAll(async () => {
    await streams.close();
    await pubsub.close();
    setRuntime(undefined);
    rmSync(dataDir, { recursive: true, force: true });
  });
  const signIn = (role: UserRole) => async (person?: Person) =>
    createPerson(database, { role, ...person, accessUrl: runtime.accessUrl });
  return {
    ...database,
    runtime,
    hints,
    anonymous: createClient({}),
    asAdmin: signIn("admin"),
    asMember: signIn("member"),
    withToken: (token) => createClient({ authorization: `Bearer ${token}` }),
    withCookie: (cookie, headers) => createClient({ ...browserHeaders(runtime.accessUrl, cookie), ...headers }),
  };
}

const browserHeaders = (accessUrl: string, cookie: string) => ({
  cookie: `${sessionCookieName(accessUrl)}=${cookie}`,
  origin: new URL(accessUrl).origin,
});

async function createPerson(
  { db }: TestDatabase,
  person: Person & { role: UserRole; accessUrl: string },
): Promise<SignedInClient> {
  const id = randomUUID();
  const username = person.username ?? `${person.role}-${id.slice(0, 8)}`;
  const passwordHash = person.password ? hashCheaply(person.password) : null;
  const email = `${username}@example.test`;
  const user = await insertUser(db, { id, email, username, name: "", role: person.role, passwordHash });
  if (!user) throw new Error(`${username} exists already.`);
  if (person.via === "session") {
    const cookie = await startSession(db, { userId: id, userAgent: "vitest" });
    return { ...createClient(browserHeaders(person.accessUrl, cookie)), user, credential: cookie };
  }
  const token = newSecret("slp_");
  const scopes = person.scopes ?? null;
  await insertToken(db, {
    id: randomUUID(),
    userId: id,
    name: "test",
    tokenHash: sha256(token),
    scopes,
    expiresInDays: 1,
  });
  return { ...createClient({ authorization: `Bearer ${token}` }), user, credential: token };
}

/** A hash of the real format at a 5,000th of the cost: tests sign in often. */
function hashCheaply(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, { N: 16, r: 8, p: 1 });
  return `scrypt$16$8$1$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** What answers broke of their declarations, since the last look. */
const problems: string[] = [];
const handle = createRouteHandler(routeModules.map((entry) => checkAnswers(entry, problems)));

function createClient(identity: Record<string, string>): TestClient {
  const fetchPath = (path: string, init: RequestInit = {}) => {
    const url = new URL(path.startsWith("/api/") ? path : `/api/experimental${path}`, ACCESS_URL);
    const headers = new Headers(identity);
    new Headers(init.headers).forEach((value, name) => {
      headers.set(name, value);
    });
    return handle(new Request(url, { ...init, headers }));
  };
  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const hasBody = options.body !== undefined;
    const headers = { ...(hasBody ? { "content-type": "application/json" } : {}), ...options.headers };
    const response = await fetchPath(path, { method, headers, body: hasBody ? JSON.stringify(options.body) : null });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    get: (path, options) => call("GET", path, options),
    post: (path, body, options) => call("POST", path, { body, ...options }),
    put: (path, body, options) => call("PUT", path, { body, ...options }),
    patch: (path, body, options) => call("PATCH", path, { body, ...options }),
    delete: (path, options) => call("DELETE", path, options),
    call,
    fetch: fetchPath,
  };
}

/** A part of the runtime that this test does not have: using it is an error that names it. */
function absent<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: (_target, key) => {
      throw new Error(`This test gave createTestApi no "${name}", and ${String(key)} was used.`);
    },
  });
}
