/**
 * The only way out of a sandbox: an HTTP proxy on a unix socket of its workspace. Default deny, names resolved once and
 * pinned. It never sees inside TLS and adds no credential.
 */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Network, pinAddress } from "@/lib/network-address";
import { type EgressRule, isPrivateListed, parseAuthority, refusalOf } from "./allowed-hosts";

export type EgressRefusal = { processId: string | null; host: string; port: number; reason: string };

export type EgressProxyOptions = {
  rule: EgressRule;
  network: Network;
  /** Awaited before the client hears of it, so that the command's result can name the host. Must not throw. */
  onRefusal: (refusal: EgressRefusal) => Promise<void>;
};

const CONNECT_MS = 10_000;
/** A tunnel without a byte for this long is closed. */
const IDLE_MS = 300_000;
/** Per workspace; package managers open some dozens. */
const MAX_CONNECTIONS = 128;

class Refused extends Error {}

/** A proxy that is not listening yet. */
export function createEgressProxy(options: EgressProxyOptions): Server {
  const server = createServer({ requestTimeout: 0, headersTimeout: CONNECT_MS, keepAliveTimeout: 5_000 });
  server.maxConnections = MAX_CONNECTIONS;
  server.on("connect", (incoming, socket, head) => void tunnel(options, { incoming, socket, head }));
  server.on("request", (incoming, response) => void forward(options, incoming, response));
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

type Connect = { incoming: IncomingMessage; socket: Duplex; head: Buffer };

async function tunnel(options: EgressProxyOptions, { incoming, socket, head }: Connect): Promise<void> {
  socket.on("error", () => socket.destroy());
  const target = parseAuthority(incoming.url ?? "");
  if (!target) return void socket.end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
  try {
    const upstream = await open(options, target, incoming);
    if (socket.destroyed) return void upstream.destroy();
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    upstream.write(head);
    join(socket as Socket, upstream);
  } catch (error) {
    socket.end(plainResponse(error));
  }
}

function join(client: Socket, upstream: Socket): void {
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.setTimeout(IDLE_MS, () => from.destroy());
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}

/** Checks, resolves, pins and connects. @throws Refused with the text for the client. */
async function open(
  options: EgressProxyOptions,
  target: { host: string; port: number },
  incoming: IncomingMessage,
): Promise<Socket> {
  const address = await check(options, target, incoming);
  const dialled = options.network.dial(address, target.port);
  return new Promise((resolve, reject) => {
    const upstream = connect({ ...dialled, timeout: CONNECT_MS });
    upstream.once("connect", () => resolve(upstream.setTimeout(0)));
    upstream.once("timeout", () => upstream.destroy(new Error("it did not answer in time")));
    upstream.once("error", reject);
  });
}

async function check(
  options: EgressProxyOptions,
  target: { host: string; port: number },
  incoming: IncomingMessage,
): Promise<string> {
  const refuse = async (reason: string): Promise<never> => {
    await options.onRefusal({ processId: processOf(incoming), ...target, reason });
    throw new Refused(`Slipway refused ${target.host}:${target.port}: ${reason}.`);
  };
  const reason = refusalOf(options.rule, target);
  if (reason) return refuse(reason);
  const isPrivateAllowed = (address: string) => isPrivateListed(options.rule, address);
  return pinAddress(target.host, { network: options.network, isPrivateAllowed }).catch((error: Error) =>
    refuse(error.message),
  );
}

/** A process of the sandbox names itself as the proxy's user, so that a refusal reaches the right tool call. */
function processOf(incoming: IncomingMessage): string | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,200})$/i.exec(incoming.headers["proxy-authorization"] ?? "")?.[1];
  return encoded ? (Buffer.from(encoded, "base64").toString().split(":")[0] ?? null) : null;
}

async function forward(options: EgressProxyOptions, incoming: IncomingMessage, response: ServerResponse) {
  const url = URL.parse(incoming.url ?? "");
  if (url?.protocol !== "http:") return void response.writeHead(400).end("An absolute http address is needed.\n");
  const target = { host: url.hostname.replace(/^\[|\]$/g, "").toLowerCase(), port: Number(url.port || 80) };
  try {
    const address = await check(options, target, incoming);
    const headers = { ...incoming.headers, host: url.host, connection: "close" };
    delete headers["proxy-authorization"];
    delete (headers as Record<string, unknown>)["proxy-connection"];
    const { host, port } = options.network.dial(address, target.port);
    const path = url.pathname + url.search;
    const outgoing = request({ host, port, path, method: incoming.method, headers, agent: false, timeout: IDLE_MS });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", (error) => failForward(response, error));
    outgoing.on("response", (upstream) => {
      response.writeHead(upstream.statusCode ?? 502, upstream.headers);
      upstream.on("error", () => response.destroy());
      upstream.pipe(response);
    });
    response.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  } catch (error) {
    failForward(response, error);
  }
}

function failForward(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const { status, text } = describe(error);
  response.writeHead(status, { "content-type": "text/plain" }).end(`${text}\n`);
}

function plainResponse(error: unknown): string {
  const { status, text } = describe(error);
  const reason = status === 403 ? "Forbidden" : "Bad Gateway";
  const head = `HTTP/1.1 ${status} ${reason}\r\ncontent-type: text/plain\r\ncontent-length: ${text.length + 1}`;
  return `${head}\r\nconnection: close\r\n\r\n${text}\n`;
}

function describe(error: unknown): { status: number; text: string } {
  if (error instanceof Refused) return { status: 403, text: error.message };
  return { status: 502, text: "The host could not be reached." };
}
