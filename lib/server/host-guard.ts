/**
 * Which `Host` a request may name. A server on loopback answers to loopback names and its access URL only, since a
 * foreign name that resolves to 127.0.0.1 (DNS rebinding) is how a web page reaches it. Pure: answers nothing itself.
 */
import { isIP } from "node:net";

export type HostVerdict = { kind: "serve" } | { kind: "refuse"; message: string } | { kind: "redirect"; to: string };

type Incoming = { method?: string | undefined; url?: string | undefined; host: string | undefined };

const SERVE: HostVerdict = { kind: "serve" };

/** @param bound the address that the server listens on. */
export function createHostGuard({ bound, accessUrl }: { bound: string; accessUrl: string }) {
  const access = new URL(accessUrl);
  const isGuarded = isLoopbackName(bound.includes(":") ? `[${bound}]` : bound);
  return ({ method, url = "/", host }: Incoming): HostVerdict => {
    // Every browser names a host; HTTP/1.0 health checks may not.
    if (host === undefined) return SERVE;
    const named = parseHost(host);
    if (!named) return { kind: "refuse", message: "The Host header is not an address." };
    const isAlias = isLoopbackName(named.hostname);
    if (named.hostname === access.hostname) return SERVE;
    if (isGuarded && !isAlias) return { kind: "refuse", message: refusal(named.hostname, access.origin) };
    // A person who typed another name of this machine would be refused by the origin check at the first change.
    const isPage = (method === "GET" || method === "HEAD") && !/^\/(api|_next)(\/|$|\?)/.test(url);
    const isSameDoor = isAlias && isLoopbackName(access.hostname) && named.port === access.port;
    return isPage && isSameDoor && url.startsWith("/") ? { kind: "redirect", to: `${access.origin}${url}` } : SERVE;
  };
}

const refusal = (hostname: string, origin: string): string =>
  `This server is not known as ${hostname.slice(0, 200)}. Open ${origin}, or set SLIPWAY_ACCESS_URL to the URL people use.`;

/** The host as browsers spell it: lower case, no trailing dot. */
function parseHost(host: string): { hostname: string; port: string } | undefined {
  if (!URL.canParse(`http://${host}/`)) return undefined;
  const { hostname, port, username, pathname } = new URL(`http://${host}/`);
  if (username !== "" || pathname !== "/") return undefined;
  return { hostname: hostname.replace(/\.$/, ""), port };
}

/** `localhost`, what ends in it, and the addresses that are this machine. */
function isLoopbackName(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]") return true;
  return isIP(hostname) === 4 && hostname.startsWith("127.");
}
