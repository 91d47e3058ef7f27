/** The network address a request came from: a web `Request` has none, so the entry program puts it into a header. */
import type { IncomingMessage } from "node:http";

/** Set by the entry program on every request; what a client sends under this name is dropped. */
const PEER_HEADER = "x-slipway-peer";

/** Marks an incoming request with its socket's address. The adapter reads `rawHeaders`, Next reads `headers`. */
export function stampPeer(incoming: IncomingMessage): void {
  const raw = incoming.rawHeaders;
  for (let index = raw.length - 2; index >= 0; index -= 2) {
    if (raw[index]?.toLowerCase() === PEER_HEADER) raw.splice(index, 2);
  }
  const address = incoming.socket.remoteAddress ?? "unknown";
  raw.push(PEER_HEADER, address);
  incoming.headers[PEER_HEADER] = address;
}

/** The sender's address; `unknown` where the entry program is not in front (`next dev` alone, tests). */
export const peerOf = (request: Request): string => request.headers.get(PEER_HEADER) ?? "unknown";

/** Whether the sender is on this machine and not behind a reverse proxy that is. */
export function isLoopbackPeer(request: Request): boolean {
  const isForwarded = request.headers.has("x-forwarded-for") || request.headers.has("forwarded");
  return !isForwarded && /^(127\.|::1$|::ffff:127\.)/.test(peerOf(request));
}
