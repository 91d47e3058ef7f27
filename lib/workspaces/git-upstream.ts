/** The broker's requests to a git host: resolved once, pinned, with the owner's credential; and its answers to git. */
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import { type Network, pinAddress } from "@/lib/network-address";
import type { CredentialSource } from "./credentials";

export type Upstream = {
  /** Of the workspace, as it is asked for. */
  repository: URL;
  /** Whose account is used. */
  ownerId: string;
  /** An administrator gave the address: it may be private. */
  trusted: boolean;
  credentials: CredentialSource;
  network: Network;
  /** What else opens it, told where the host refuses. */
  accessHint?: string | undefined;
};

/** A remote may think long before the first byte of a large pack. */
const SILENCE_MS = 300_000;

export const AGENT = { "user-agent": "git/2 slipway" };

type DialRepository = { method: string; path: string; headers: Record<string, string>; response: ServerResponse };

/** A request below the repository, with the owner's credential; its failures are answered already. */
export async function dial(upstream: Upstream, { method, path, headers, response }: DialRepository) {
  const { repository, credentials, ownerId } = upstream;
  const credential = await credentials({ origin: repository.href, ownerId });
  const url = new URL(repository.origin + repository.pathname.replace(/\/+$/, "") + path);
  const authorised = { ...headers, ...authorization(credential) };
  const outgoing = await dialUrl(upstream, { method, url, headers: authorised, response });
  return { outgoing, hasCredential: credential !== null };
}

type DialUrl = { method: string; url: URL; headers: Record<string, string>; response: ServerResponse };

/** A request to an address that the host named, with no credential of ours. */
export async function dialUrl(upstream: Upstream, { method, url, headers, response }: DialUrl) {
  const address = await pinAddress(url.hostname, {
    network: upstream.network,
    isPrivateAllowed: () => upstream.trusted,
  }).catch((error: Error) => {
    throw new Error(`${url.host} cannot be reached: ${error.message}.`);
  });
  const isSecure = url.protocol === "https:";
  const port = Number(url.port || (isSecure ? 443 : 80));
  const outgoing = (isSecure ? httpsRequest : httpRequest)({
    ...upstream.network.dial(address, port),
    ...(isSecure ? { servername: url.hostname } : {}),
    method,
    path: url.pathname + url.search,
    headers: { ...headers, host: url.host },
    agent: false,
    timeout: SILENCE_MS,
  });
  outgoing.on("timeout", () => outgoing.destroy(new Error("it did not answer in time")));
  outgoing.on("error", (error) => deny(response, 502, `${url.host} cannot be reached: ${error.message}.`));
  response.on("close", () => outgoing.destroy());
  return outgoing;
}

const FORWARDED = ["accept", "accept-encoding", "content-type", "content-encoding", "content-length", "git-protocol"];

/** What git's protocol needs, and nothing a sandbox could smuggle: no cookie, no authorisation. */
export function forwardedHeaders(incoming: IncomingMessage): Record<string, string> {
  const kept = FORWARDED.flatMap((name) => {
    const value = incoming.headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return { ...Object.fromEntries(kept), ...AGENT };
}

/** Basic, as git and its hosts agree on. */
export function authorization(credential: { username: string; password: string } | null): Record<string, string> {
  if (!credential) return {};
  const encoded = Buffer.from(`${credential.username}:${credential.password}`).toString("base64");
  return { authorization: `Basic ${encoded}` };
}

export type Answer = {
  upstream: IncomingMessage;
  response: ServerResponse;
  hasCredential: boolean;
  hint?: string | undefined;
};

/** Passes an answer on; a refusal becomes words for a person. */
export function answer({ upstream, response, hasCredential, hint }: Answer): void {
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
  deny(response, status >= 500 ? 502 : 403, refusalText(status, hasCredential, hint));
}

export function refusalText(status: number, hasCredential: boolean, hint = ""): string {
  if (status >= 300 && status < 400) return "The repository has moved; use its new address.";
  const reason = hasCredential ? "The configured credential does not open it." : "No credential is configured for it.";
  const access = `${reason} ${hint}`.trim();
  if (status === 401 || status === 403) return `The git host refused access (${status}). ${access}`;
  if (status === 404) return `The git host does not know the repository (404). ${access}`;
  return `The git host answered ${status}.`;
}

/** Git shows a plain-text body to the person as `remote: …`. */
export function deny(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(`${text}\n`);
}
