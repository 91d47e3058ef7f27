/**
 * Git's way from a sandbox to its own repository: a unix socket per workspace is the identity, the credential is added
 * here, outside the sandbox. Serves that one repository; every ref of a push is checked, and refused with a proper report.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { refusalOfUpdate } from "@/lib/contract/push-policy";
import type { PushRules } from "@/lib/contract/workspaces";
import type { CredentialSource } from "./credentials";
import { type Network, pinAddress } from "./network-address";
import { encodeRefusedPush, type PushCommands, parsePushCommands } from "./pkt-line";

export type GitBrokerOptions = {
  /** Of the workspace, as it was given. */
  repository: URL;
  /** Whose account is used. */
  ownerId: string;
  /** An administrator gave the address: it may be private. */
  trusted: boolean;
  credentials: CredentialSource;
  network: Network;
  pushRules: PushRules;
  /** The host took a branch. Must not throw. */
  onPush: (pushed: { branch: string; origin: string }) => void;
};

/** A remote may think long before the first byte of a large pack. */
const SILENCE_MS = 300_000;
/** Want and have lines of a fetch; the largest real ones are a few MiB. */
const MAX_FETCH_BYTES = 32 * 1024 * 1024;
/** Capabilities in the first line of a host's refs. */
const MAX_HEAD_BYTES = 8 * 1024;
/** Commands of a push, before its pack. */
const MAX_COMMAND_BYTES = 1024 * 1024;
/** A refused pack is read this far, since git listens only once it has sent it. */
const MAX_REFUSED_PACK_BYTES = 256 * 1024 * 1024;

/** The report of a push and what the host's hooks say; kept to read what was taken. */
const MAX_REPORT_BYTES = 256 * 1024;

/** A broker that is not listening yet. */
export function createGitBroker(options: GitBrokerOptions): Server {
  const base = brokerPath(options.repository);
  const server = createServer({ requestTimeout: 0, headersTimeout: 10_000 }, (incoming, response) => {
    incoming.on("error", () => response.destroy());
    serve(options, { base, incoming, response }).catch((error: Error) => deny(response, 502, error.message));
  });
  server.maxConnections = 32;
  return server;
}

/** Where the repository stands on the broker: `/host/owner/name`. */
export const brokerPath = (repository: URL): string =>
  `/${repository.host}${repository.pathname.replace(/\/+$/, "").replace(/\.git$/, "")}`;

/** Lines of a git configuration that lead the repository's address to the broker. */
export function brokerGitConfig(repository: URL, port: number): string {
  const remote = `${repository.origin}${repository.pathname.replace(/\/+$/, "").replace(/\.git$/, "")}`;
  return `[url ${quote(`http://127.0.0.1:${port}${brokerPath(repository)}`)}]\n\tinsteadOf = ${quote(remote)}\n`;
}

/** A string of git's configuration format. */
const quote = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&")}"`;

type Exchange = { base: string; incoming: IncomingMessage; response: ServerResponse };

async function serve(options: GitBrokerOptions, { base, incoming, response }: Exchange): Promise<void> {
  const url = URL.parse(incoming.url ?? "", "http://broker");
  if (!url?.pathname.startsWith(base)) return deny(response, 403, "Slipway serves only this workspace's repository.");
  const rest = url.pathname.slice(base.length).replace(/^\.git(?=\/)/, "");
  const service = url.searchParams.get("service");
  const call = `${incoming.method} ${rest}`;
  if (call === "GET /info/refs" && service === "git-upload-pack") {
    return relay(options, { incoming, response, path: "/info/refs?service=git-upload-pack" });
  }
  if (call === "POST /git-upload-pack") return relay(options, { incoming, response, path: "/git-upload-pack" });
  if (call === "GET /info/refs" && service === "git-receive-pack") {
    return relay(options, { incoming, response, path: "/info/refs?service=git-receive-pack" });
  }
  if (call === "POST /git-receive-pack") return push(options, incoming, response);
  const isOther = rest !== "" && !rest.startsWith("/");
  if (isOther) return deny(response, 403, "Slipway serves only this workspace's repository.");
  deny(response, 404, "Slipway serves git's own addresses only.");
}

type Relay = { incoming: IncomingMessage; response: ServerResponse; path: string };

async function relay(options: GitBrokerOptions, { incoming, response, path }: Relay): Promise<void> {
  const headers = forwardedHeaders(incoming);
  const { outgoing, hasCredential } = await dial(options, {
    method: incoming.method ?? "GET",
    path,
    headers,
    response,
  });
  outgoing.on("response", (upstream) => answer({ upstream, response, hasCredential }));
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_FETCH_BYTES) incoming.destroy();
  });
  incoming.pipe(outgoing);
}

type Dial = { method: string; path: string; headers: Record<string, string>; response: ServerResponse };

/** A request to the repository's host, with the owner's credential; its failures are answered already. */
async function dial(options: GitBrokerOptions, { method, path, headers, response }: Dial) {
  const { repository } = options;
  const address = await pinAddress(repository.hostname, {
    network: options.network,
    isPrivateAllowed: () => options.trusted,
  }).catch((error: Error) => {
    throw new Error(`${repository.host} cannot be reached: ${error.message}.`);
  });
  const credential = await options.credentials({ origin: repository.href, ownerId: options.ownerId });
  const isSecure = repository.protocol === "https:";
  const port = Number(repository.port || (isSecure ? 443 : 80));
  const outgoing = (isSecure ? httpsRequest : httpRequest)({
    ...options.network.dial(address, port),
    ...(isSecure ? { servername: repository.hostname } : {}),
    method,
    path: repository.pathname.replace(/\/+$/, "") + path,
    headers: { ...headers, host: repository.host, ...authorization(credential) },
    agent: false,
    timeout: SILENCE_MS,
  });
  outgoing.on("timeout", () => outgoing.destroy(new Error("it did not answer in time")));
  outgoing.on("error", (error) => deny(response, 502, `${repository.host} cannot be reached: ${error.message}.`));
  response.on("close", () => outgoing.destroy());
  return { outgoing, hasCredential: credential !== null };
}

const AGENT = { "user-agent": "git/2 slipway" };
const FORWARDED = ["accept", "accept-encoding", "content-type", "content-encoding", "content-length", "git-protocol"];

/** What git's protocol needs, and nothing a sandbox could smuggle: no cookie, no authorisation. */
function forwardedHeaders(incoming: IncomingMessage): Record<string, string> {
  const kept = FORWARDED.flatMap((name) => {
    const value = incoming.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return { ...Object.fromEntries(kept), ...AGENT };
}

function authorization(credential: { username: string; password: string } | null): Record<string, string> {
  if (!credential) return {};
  const encoded = Buffer.from(`${credential.username}:${credential.password}`).toString("base64");
  return { authorization: `Basic ${encoded}` };
}

type Answer = { upstream: IncomingMessage; response: ServerResponse; hasCredential: boolean };

function answer({ upstream, response, hasCredential }: Answer): void {
  const status = upstream.statusCode ?? 502;
  if (status >= 200 && status < 300) {
    const type = upstream.headers["content-type"] ?? "application/octet-stream";
    const encoding = upstream.headers["content-encoding"];
    const headers = {
      "content-type": type,
      "cache-control": "no-cache",
      ...(encoding && { "content-encoding": encoding }),
    };
    response.writeHead(status, headers);
    upstream.on("error", () => response.destroy());
    upstream.pipe(response);
    return;
  }
  upstream.resume();
  deny(response, status >= 500 ? 502 : 403, refusalText(status, hasCredential));
}

function refusalText(status: number, hasCredential: boolean): string {
  if (status >= 300 && status < 400) return "The repository has moved; use its new address.";
  const access = hasCredential ? "The configured credential does not open it." : "No credential is configured for it.";
  if (status === 401 || status === 403) return `The git host refused access (${status}). ${access}`;
  if (status === 404) return `The git host does not know the repository (404). ${access}`;
  return `The git host answered ${status}.`;
}

function deny(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  // Git shows a plain-text body to the person as `remote: …`.
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(`${text}\n`);
}

/** Reads the commands, then relays or refuses all of them: a push is taken whole or not at all. */
async function push(options: GitBrokerOptions, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const isZipped = incoming.headers["content-encoding"] === "gzip";
  const body: Readable = isZipped ? incoming.pipe(createGunzip()) : incoming;
  body.on("error", () => deny(response, 400, "The push could not be read."));
  const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start = Buffer.alloc(0);
  let commands: PushCommands | undefined;
  while (!commands) {
    const { value, done } = await chunks.next();
    if (done) return deny(response, 400, "The push could not be read.");
    start = Buffer.concat([start, value]);
    commands = parsePushCommands(start);
    if (!commands && start.length > MAX_COMMAND_BYTES) return deny(response, 413, "The push has too many refs.");
  }
  const defaultBranch = commands.updates.length > 0 ? await findDefaultBranch(options, response) : null;
  const refusals = new Map(
    commands.updates.flatMap((update) => {
      const reason = refusalOfUpdate(options.pushRules, update, defaultBranch);
      return reason ? [[update.ref, reason] as const] : [];
    }),
  );
  if (refusals.size > 0) return refusePush({ commands, refusals, chunks, response });
  await relayPush(options, { incoming, response, commands, start, chunks });
}

type Refused = {
  commands: PushCommands;
  refusals: Map<string, string>;
  chunks: AsyncIterator<Buffer>;
  response: ServerResponse;
};

/** Git listens only once it has sent its pack, so that is read and dropped. */
async function refusePush({ commands, refusals, chunks, response }: Refused): Promise<void> {
  let size = 0;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    size += next.value.length;
    if (size > MAX_REFUSED_PACK_BYTES) return deny(response, 413, [...refusals.values()].join("; "));
  }
  response.writeHead(200, { "content-type": "application/x-git-receive-pack-result", "cache-control": "no-cache" });
  response.end(encodeRefusedPush(commands, ({ ref }) => refusals.get(ref) ?? "another ref of this push was refused"));
}

type Push = Pick<Refused, "commands" | "chunks" | "response"> & { incoming: IncomingMessage; start: Buffer };

async function relayPush(options: GitBrokerOptions, { incoming, response, commands, start, chunks }: Push) {
  // The body goes on as it was unpacked here, in chunks.
  const { "content-encoding": _encoding, "content-length": _length, ...headers } = forwardedHeaders(incoming);
  const target = { method: "POST", path: "/git-receive-pack", headers, response };
  const { outgoing, hasCredential } = await dial(options, target);
  outgoing.on("response", (upstream) => {
    answer({ upstream, response, hasCredential });
    if (upstream.statusCode === 200) listenForTaken(options, upstream, commands);
  });
  await pipeline(joined(start, chunks), outgoing).catch(() => {
    // Whichever side broke has been answered by its own listener.
  });
}

async function* joined(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

/** The host says of each ref whether it took it (`ok <ref>`). */
function listenForTaken(options: GitBrokerOptions, upstream: IncomingMessage, { updates }: PushCommands): void {
  let report = "";
  upstream.on("data", (chunk: Buffer) => {
    if (report.length < MAX_REPORT_BYTES) report += chunk.toString("latin1");
  });
  upstream.on("end", () => {
    const taken = updates.filter(({ ref, newId }) => !/^0+$/.test(newId) && report.includes(`ok ${toLatin1(ref)}\n`));
    const branch = taken.findLast(({ ref }) => ref.startsWith("refs/heads/"))?.ref.slice("refs/heads/".length);
    if (branch) options.onPush({ branch, origin: options.repository.href });
  });
}

const toLatin1 = (text: string): string => Buffer.from(text).toString("latin1");

/** Where HEAD points, from the host's own list of refs; null when it does not say. */
async function findDefaultBranch(options: GitBrokerOptions, response: ServerResponse): Promise<string | null> {
  const target = { method: "GET", path: "/info/refs?service=git-upload-pack", headers: AGENT, response };
  const { outgoing } = await dial(options, target);
  return new Promise((resolve) => {
    outgoing.on("error", () => resolve(null));
    outgoing.on("response", (upstream) => {
      let text = "";
      const finish = () => {
        resolve(/ symref=HEAD:refs\/heads\/([^ \n]+)/.exec(text)?.[1] ?? null);
        upstream.destroy();
      };
      upstream.on("error", () => resolve(null));
      upstream.on("end", finish);
      upstream.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
        // It stands in the first line, among the capabilities.
        if (text.length > MAX_HEAD_BYTES) finish();
      });
    });
    outgoing.end();
  });
}
