/** A git host with Basic authorisation: git's own `http-backend` behind Node's HTTP server, on loopback. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

export type GitServer = {
  port: number;
  /** Where the bare repositories are: `<name>.git`. */
  folder: string;
  /** Authorisation headers of all requests, in order; undefined for one without. */
  seen: (string | undefined)[];
  /** What was asked for, in order. */
  requests: { call: string; protocol: string | undefined; encoding: string | undefined; body: Buffer }[];
};

const environment = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
} as unknown as NodeJS.ProcessEnv;

/** Makes a bare repository with these files in one commit on `main`, and a branch `other` beside it. */
export function createRepository(bare: string, files: Record<string, string>): void {
  const work = mkdtempSync(join(tmpdir(), "slipway-repo-"));
  const git = (...args: string[]) => execFileSync("git", ["-C", work, ...args], { env: environment, stdio: "pipe" });
  git("init", "-q", "-b", "main");
  for (const [name, content] of Object.entries(files)) writeFileSync(join(work, name), content);
  git("add", "-A");
  git("commit", "-qm", "Begin");
  git("branch", "other");
  execFileSync("git", ["clone", "-q", "--bare", work, bare], { env: environment, stdio: "pipe" });
  rmSync(work, { recursive: true });
}

type ServerOptions = {
  password?: string;
  /** Answers what is no address of git's own; false leaves it. */
  beside?: (request: IncomingMessage, response: ServerResponse) => boolean;
};

/** Serves `/acme/<name>.git`; `password` is asked of everybody when given. Call it at the top of a test file. */
export async function startGitServer(options: ServerOptions = {}): Promise<GitServer> {
  const root = mkdtempSync(join(tmpdir(), "slipway-git-"));
  const folder = join(root, "acme");
  mkdirSync(folder);
  const seen: (string | undefined)[] = [];
  const requests: GitServer["requests"] = [];
  const server = createServer((request, response) => {
    if (options.beside?.(request, response)) return;
    seen.push(request.headers.authorization);
    note(requests, request);
    const [, password] = Buffer.from(request.headers.authorization?.slice(6) ?? "", "base64")
      .toString()
      .split(":");
    if (options.password && password !== options.password) {
      return void response.writeHead(401, { "www-authenticate": "Basic realm=git" }).end();
    }
    serve(root, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(root, { recursive: true, force: true });
  });
  return { port: (server.address() as AddressInfo).port, folder, seen, requests };
}

/** Of a body, the beginning is enough. */
const NOTED_BYTES = 64;

function note(requests: GitServer["requests"], request: IncomingMessage): void {
  const { "git-protocol": protocol, "content-encoding": encoding } = request.headers;
  const entry = {
    call: `${request.method} ${request.url}`,
    protocol: protocol === undefined ? undefined : String(protocol),
    encoding,
    body: Buffer.alloc(0),
  };
  requests.push(entry);
  request.on("data", (chunk: Buffer) => {
    if (entry.body.length < NOTED_BYTES) entry.body = Buffer.concat([entry.body, chunk]).subarray(0, NOTED_BYTES);
  });
}

function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://git");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...environment,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "http.receivepack",
      GIT_CONFIG_VALUE_0: "true",
      GIT_CONFIG_KEY_1: "uploadpack.allowFilter",
      GIT_CONFIG_VALUE_1: "true",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      HTTP_GIT_PROTOCOL: request.headers["git-protocol"] ?? "",
      REMOTE_USER: "test",
    } as unknown as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    if (response.headersSent) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) return;
    const headers = head
      .toString("latin1", 0, end)
      .split("\r\n")
      .map((line) => line.split(/:\s*/, 2) as [string, string]);
    const status = Number(headers.find(([name]) => name === "Status")?.[1]?.slice(0, 3) ?? 200);
    response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== "Status")));
    response.write(head.subarray(end + 4));
  });
  child.stdout.on("end", () => response.end());
}
