/**
 * A git host's REST interface in memory, as GitHub (shapes recorded 2026-11 from api.github.com), GitLab or Forgejo speak
 * it: pull requests, drafts, reviews, comments, checks, entity tags, limits, a prefix as on GitHub Enterprise. `fetch`
 * answers without a socket; `listen` puts it on loopback.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { GitHostType } from "@/lib/contract/external-auth";
import { forgejoRoutes } from "./git-host-forgejo";
import { githubRoutes } from "./git-host-github";
import { gitlabRoutes } from "./git-host-gitlab";

export type FakeReview = { id: number; author: string; state: string; body: string; at: string; isBot?: boolean };
export type FakeComment = { id: number; author: string; body: string; at: string; path?: string; line?: number };
export type FakeCheck = { name: string; status: string; conclusion: string | null; summary?: string };
export type FakePull = {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  merged: boolean;
  draft: boolean;
  head: { owner: string; ref: string; sha: string };
  base: { ref: string; sha: string };
  author: string;
  additions: number;
  deletions: number;
  changedFiles: number;
  commits: number;
  updatedAt: string;
  diff: string;
  reviews: FakeReview[];
  comments: FakeComment[];
};
export type FakeRepository = {
  owner: string;
  name: string;
  defaultBranch: string;
  parent?: { owner: string; name: string };
  writers: Set<string>;
  pulls: Map<number, FakePull>;
  /** By commit or branch. */
  checks: Map<string, FakeCheck[]>;
  branchDiffs: Map<string, string>;
  /** Its new `owner/name`: requests are answered with a redirect. */
  movedTo?: string;
};
export type FakeAccount = { id: number; login: string; name: string; email: string | null; scopes: string };

/** `rawPath`: with its escapes, where a slash is part of a name. */
export type HostRequest = {
  method: string;
  path: string;
  rawPath: string;
  query: URLSearchParams;
  headers: Headers;
  body: unknown;
};
export type HostReply = { status: number; headers?: Record<string, string>; body?: unknown };

export type FakeGitHost = {
  /** Below it the interface answers; another host than the real one. */
  apiBaseUrl: string;
  /** Every request: method, path, whether it counted against the limit. */
  requests: { method: string; path: string; status: number; token: string | null; query: string }[];
  /** Tokens that are taken, and whose. Others are refused; none at all are asked for while it is empty. */
  accounts: Map<string, FakeAccount>;
  /** Answers instead of the model, as long as it is set. */
  intercept: ((request: HostRequest) => HostReply | undefined | Promise<HostReply | undefined>) | undefined;
  /** Requests a token has in an hour; undefined: no limit is told. */
  hourlyLimit: number | undefined;
  /** Requests that counted since the last reset, by token. */
  spent(token: string | null): number;
  repository(owner: string, name: string): FakeRepository;
  /** Opens a pull request; what is not given is ordinary. */
  open(repository: FakeRepository, pull: Partial<FakePull> & { branch: string }): FakePull;
  /** Changes a pull request and its time of change. */
  change(pull: FakePull, changes: Partial<FakePull>): void;
  fetch: typeof fetch;
  /** Answers a request of a server that serves more than this. */
  handle(incoming: IncomingMessage, outgoing: ServerResponse): void;
  listen(): Promise<string>;
  close(): Promise<void>;
};

const HOUR_MS = 3_600_000;
const ROUTES = { github: githubRoutes, gitlab: gitlabRoutes, forgejo: forgejoRoutes };
const PREFIXES = { github: "/api/v3", gitlab: "/api/v4", forgejo: "/api/v1" } satisfies Record<GitHostType, string>;

type FakeOptions = { now?: () => number; prefix?: string; type?: GitHostType };

export function createFakeGitHost(options: FakeOptions = {}): FakeGitHost {
  const { now = Date.now, type = "github", prefix = PREFIXES[type] } = options;
  const repositories = new Map<string, FakeRepository>();
  const windows = new Map<string, { endsAt: number; spent: number }>();
  let server: Server | undefined;
  let changes = 0;
  const windowOf = (token: string | null) => {
    const found = windows.get(token ?? "");
    if (found && found.endsAt > now()) return found;
    const opened = { endsAt: now() + HOUR_MS, spent: 0 };
    windows.set(token ?? "", opened);
    return opened;
  };
  const timestamp = () => new Date(now() + changes++).toISOString();
  const host: FakeGitHost = {
    apiBaseUrl: `https://git.example.com${prefix}`,
    requests: [],
    accounts: new Map(),
    intercept: undefined,
    hourlyLimit: undefined,
    spent: (token) => windowOf(token).spent,
    repository(owner, name) {
      const key = `${owner}/${name}`.toLowerCase();
      const found = repositories.get(key);
      if (found) return found;
      const made: FakeRepository = {
        owner,
        name,
        defaultBranch: "main",
        writers: new Set(),
        pulls: new Map(),
        checks: new Map(),
        branchDiffs: new Map(),
      };
      repositories.set(key, made);
      return made;
    },
    open(repository, { branch, ...given }) {
      const number = given.number ?? repository.pulls.size + 1;
      const pull: FakePull = {
        title: `Change ${number}`,
        body: "",
        state: "open",
        merged: false,
        draft: false,
        head: { owner: repository.owner, ref: branch, sha: sha(`${repository.name} ${branch} ${number}`) },
        base: { ref: repository.defaultBranch, sha: sha(repository.defaultBranch) },
        author: "octocat",
        additions: 3,
        deletions: 1,
        changedFiles: 2,
        commits: 1,
        updatedAt: timestamp(),
        diff: "diff --git a/a b/a\n",
        reviews: [],
        comments: [],
        ...given,
        number,
      };
      repository.pulls.set(number, pull);
      return pull;
    },
    change(pull, change) {
      Object.assign(pull, change, { updatedAt: timestamp() });
    },
    fetch: (input, init) => Promise.race([answer(new Request(input, init)).then(toResponse), aborted(init?.signal)]),
    handle(incoming, outgoing) {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", async () => {
        const body = Buffer.concat(chunks);
        const headers = new Headers(incoming.headers as Record<string, string>);
        const hasBody = body.length > 0 && incoming.method !== "GET";
        const request = new Request(new URL(incoming.url ?? "/", host.apiBaseUrl), {
          method: incoming.method ?? "GET",
          headers,
          body: hasBody ? body : null,
        });
        const reply = toResponse(await answer(request));
        outgoing.writeHead(reply.status, Object.fromEntries(reply.headers)).end(Buffer.from(await reply.arrayBuffer()));
      });
    },
    async listen() {
      server = createServer((incoming, outgoing) => host.handle(incoming, outgoing));
      await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
      host.apiBaseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
      return host.apiBaseUrl;
    },
    async close() {
      server?.closeAllConnections();
      await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    },
  };
  const routes = ROUTES[type]({ host, repositories, webUrl: () => host.apiBaseUrl.slice(0, -prefix.length) });

  async function answer(request: Request): Promise<HostReply> {
    const url = new URL(request.url);
    const text = await request.text();
    const rawPath = url.pathname.slice(prefix.length);
    const parsed: HostRequest = {
      method: request.method,
      path: decodeURIComponent(rawPath),
      rawPath,
      query: url.searchParams,
      headers: request.headers,
      body: text ? JSON.parse(text) : undefined,
    };
    const token = /^(?:token|bearer) (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
    const reply = await decide(parsed, token);
    host.requests.push({
      method: parsed.method,
      path: parsed.path,
      status: reply.status,
      token,
      query: url.search,
    });
    return reply;
  }

  async function decide(request: HostRequest, token: string | null): Promise<HostReply> {
    const intercepted = await host.intercept?.(request);
    if (intercepted) return intercepted;
    if (host.accounts.size > 0 && !host.accounts.has(token ?? "")) {
      return { status: 401, body: REFUSALS[type] };
    }
    const window = windowOf(token);
    const limit = host.hourlyLimit;
    if (limit !== undefined && window.spent >= limit) {
      const body = { message: "API rate limit exceeded for user ID 1.", documentation_url: "https://docs.github.com" };
      return { status: type === "github" ? 403 : 429, body, headers: limitHeaders(type, limit, window) };
    }
    const reply = routes(request, host.accounts.get(token ?? ""));
    const etag = `W/"${createHash("sha256")
      .update(JSON.stringify(reply.body ?? null))
      .digest("hex")}"`;
    const isTagged = type !== "forgejo" && reply.status === 200 && request.method === "GET";
    const isUnchanged = isTagged && request.headers.get("if-none-match") === etag;
    if (!isUnchanged) window.spent += 1;
    const headers = { ...reply.headers, ...(limit === undefined ? {} : limitHeaders(type, limit, window)) };
    if (isUnchanged) return { status: 304, headers: { ...headers, etag } };
    return { ...reply, headers: isTagged ? { ...headers, etag } : headers };
  }
  return host;
}

const REFUSALS = {
  github: { message: "Bad credentials", documentation_url: "https://docs.github.com/rest" },
  gitlab: { message: "401 Unauthorized" },
  forgejo: { message: "user does not exist [uid: 0, name: ]", url: "https://git.example.com/api/swagger" },
} satisfies Record<GitHostType, object>;

function limitHeaders(type: GitHostType, limit: number, window: { endsAt: number; spent: number }) {
  const name = type === "github" ? "x-ratelimit" : "ratelimit";
  return {
    [`${name}-limit`]: String(limit),
    [`${name}-remaining`]: String(Math.max(0, limit - window.spent)),
    [`${name}-reset`]: String(Math.ceil(window.endsAt / 1_000)),
  };
}

/** A number for a name: the same for the same name. */
export const numberOf = (name: string): number => Number.parseInt(sha(name).slice(0, 7), 16) + 1;

export const sha = (text: string): string => createHash("sha1").update(text).digest("hex");

function toResponse({ status, headers = {}, body }: HostReply): Response {
  const isText = typeof body === "string";
  const content = status === 304 || body === undefined ? null : isText ? body : JSON.stringify(body);
  const type = isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  return new Response(content, {
    status,
    headers: { ...(content === null ? {} : { "content-type": type }), ...headers },
  });
}

/** Rejects when the request is given up. */
const aborted = (signal: AbortSignal | null | undefined): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
