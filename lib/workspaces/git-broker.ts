/**
 * Git's way from a sandbox to its own repository: a unix socket per workspace is the identity, the credential is added
 * here, outside the sandbox. Serves fetches of that one repository; a push is refused with a proper report.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { createGunzip } from "node:zlib";
import type { CredentialSource } from "./credentials";
import { type Network, pinAddress } from "./network-address";
import { encodePacket, encodeRefusedPush, FLUSH, type PushCommands, parsePushCommands } from "./pkt-line";

export type GitBrokerOptions = {
  /** Of the workspace, as it was given. */
  repository: URL;
  /** Whose account is used. */
  ownerId: string;
  /** An administrator gave the address: it may be private. */
  trusted: boolean;
  credentials: CredentialSource;
  network: Network;
};

/** A remote may think long before the first byte of a large pack. */
const SILENCE_MS = 300_000;
/** Want and have lines of a fetch; the largest real ones are a few MiB. */
const MAX_FETCH_BYTES = 32 * 1024 * 1024;
/** Commands of a push, before its pack. */
const MAX_COMMAND_BYTES = 1024 * 1024;
/** A refused pack is read this far, since git listens only once it has sent it. */
const MAX_REFUSED_PACK_BYTES = 256 * 1024 * 1024;

const PUSH_REFUSAL = "pushing is not possible yet, it comes with pull requests";
const PUSH_CAPABILITIES = "report-status delete-refs side-band-64k ofs-delta agent=slipway";

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
  if (call === "GET /info/refs" && service === "git-receive-pack") return advertisePush(response);
  if (call === "POST /git-receive-pack") return refusePush(incoming, response);
  const isOther = rest !== "" && !rest.startsWith("/");
  if (isOther) return deny(response, 403, "Slipway serves only this workspace's repository.");
  deny(response, 404, "Slipway serves git's own addresses only.");
}

type Relay = { incoming: IncomingMessage; response: ServerResponse; path: string };

async function relay(options: GitBrokerOptions, { incoming, response, path }: Relay): Promise<void> {
  const { repository } = options;
  const address = await pinAddress(repository.hostname, {
    network: options.network,
    isPrivateAllowed: () => options.trusted,
  }).catch((error: Error) => {
    throw new Error(`${repository.host} cannot be reached: ${error.message}.`);
  });
  const credential = await options.credentials({ origin: repository.href, ownerId: options.ownerId });
  const port = Number(repository.port || (repository.protocol === "https:" ? 443 : 80));
  const dialled = options.network.dial(address, port);
  const isSecure = repository.protocol === "https:";
  const outgoing = (isSecure ? httpsRequest : httpRequest)({
    ...dialled,
    ...(isSecure ? { servername: repository.hostname } : {}),
    method: incoming.method,
    path: repository.pathname.replace(/\/+$/, "") + path,
    headers: { ...forwardedHeaders(incoming), host: repository.host, ...authorization(credential) },
    agent: false,
    timeout: SILENCE_MS,
  });
  outgoing.on("timeout", () => outgoing.destroy(new Error("it did not answer in time")));
  outgoing.on("error", (error) => deny(response, 502, `${repository.host} cannot be reached: ${error.message}.`));
  outgoing.on("response", (upstream) => answer({ upstream, response, hasCredential: credential !== null }));
  response.on("close", () => outgoing.destroy());
  let size = 0;
  incoming.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_FETCH_BYTES) incoming.destroy();
  });
  incoming.pipe(outgoing);
}

const FORWARDED = ["accept", "accept-encoding", "content-type", "content-encoding", "content-length", "git-protocol"];

/** What git's protocol needs, and nothing a sandbox could smuggle: no cookie, no authorisation. */
function forwardedHeaders(incoming: IncomingMessage): Record<string, string> {
  const kept = FORWARDED.flatMap((name) => {
    const value = incoming.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return { ...Object.fromEntries(kept), "user-agent": "git/2 slipway" };
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

/** No refs are advertised: git then sends its commands, which is what the refusal answers. */
function advertisePush(response: ServerResponse): void {
  response.writeHead(200, {
    "content-type": "application/x-git-receive-pack-advertisement",
    "cache-control": "no-cache",
  });
  const noRef = encodePacket(`${"0".repeat(40)} capabilities^{}\0${PUSH_CAPABILITIES}\n`);
  response.end(
    Buffer.concat([encodePacket("# service=git-receive-pack\n"), Buffer.from(FLUSH), noRef, Buffer.from(FLUSH)]),
  );
}

async function refusePush(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const isZipped = incoming.headers["content-encoding"] === "gzip";
  const body = isZipped ? incoming.pipe(createGunzip()) : incoming;
  let start = Buffer.alloc(0);
  let commands: PushCommands | undefined;
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REFUSED_PACK_BYTES) return void incoming.destroy();
    if (commands) continue;
    start = Buffer.concat([start, chunk]);
    commands = parsePushCommands(start);
    if (!commands && start.length > MAX_COMMAND_BYTES) return deny(response, 413, "The push has too many refs.");
  }
  if (!commands) return deny(response, 400, "The push could not be read.");
  const isProbe = commands.updates.length === 0;
  response.writeHead(200, { "content-type": "application/x-git-receive-pack-result", "cache-control": "no-cache" });
  response.end(isProbe ? "" : encodeRefusedPush(commands, PUSH_REFUSAL));
}
