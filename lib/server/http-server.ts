/** The HTTP server: route modules first, Next behind them, both given later than the port is taken. Knows no endpoint. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { ApiError } from "@/lib/contract/errors";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { findNodeBody } from "@/lib/node-body";
import { stampPeer } from "@/lib/peer";
import { createHostGuard, type HostVerdict } from "./host-guard";
import { toErrorBody } from "./http";
import { gatherAnswer } from "./page-answer";
import { setPageHeaders } from "./page-headers";

/** A slow phone may take a while for a 10 MiB file; streams are answers and are not concerned. */
const REQUEST_TIMEOUT_MS = 120_000;
const HEADERS_TIMEOUT_MS = 20_000;
/** Two heartbeats of a stream: bytes that waited this long without one leaving wait for nobody. */
const STUCK_WRITE_TIMEOUT_MS = 30_000;
/** Longer than the minute that reverse proxies keep theirs, so that they never use one we are closing. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** An earlier process may be on its way out: its launcher was killed a moment ago. */
const PREDECESSOR_TIMEOUT_MS = 2_000;

export type Pages = {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  isDevelopment: boolean;
  close(): Promise<void>;
};

type Handlers = {
  routes: (request: Request) => Promise<Response>;
  pages: Pages;
  /** The URL people use; the server's own when absent. */
  accessUrl?: string;
};

export type WebServer = {
  host: string;
  port: number;
  url: string;
  /** From now on requests are answered; before, with 503. */
  serve(handlers: Handlers): void;
  stopAccepting(): Promise<void>;
  /** Closes what is still open. */
  end(): Promise<void>;
};

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Takes the port. @throws Error when it is in use or not ours to take. */
export async function listen(options: {
  host: string;
  port: number;
  stuckWriteTimeoutMs?: number;
}): Promise<WebServer> {
  const { stuckWriteTimeoutMs = STUCK_WRITE_TIMEOUT_MS } = options;
  let answer: Listener = answerStarting;
  let pages: Pages | undefined;
  let guard: ((request: IncomingMessage) => HostVerdict) | undefined;
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS },
    (request, response) => {
      cutOffWhenStuck(response, stuckWriteTimeoutMs);
      answer(request, response);
    },
  );
  server.on("upgrade", (request, socket, head) => {
    const isForPages = pages?.isDevelopment && request.url?.startsWith("/_next/");
    if (pages && isForPages && guard?.(request).kind === "serve") pages.upgrade(request, socket, head);
    else socket.destroy();
  });
  await takePort(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  const url = `http://${host}:${port}`;
  return {
    host: options.host,
    port,
    url,
    serve: (handlers) => {
      const judge = createHostGuard({ bound: options.host, accessUrl: handlers.accessUrl ?? url });
      guard = (request) => judge({ method: request.method, url: request.url, host: request.headers.host });
      pages = handlers.pages;
      answer = guarded(guard, createListener(handlers));
    },
    stopAccepting: async () => {
      server.close();
      server.closeIdleConnections();
    },
    end: async () => {
      server.close();
      server.closeAllConnections();
      await pages?.close();
    },
  };
}

/** A peer that vanished, or reads nothing, would keep what was written to it for as long as the kernel tries. */
function cutOffWhenStuck(response: ServerResponse, timeoutMs: number): void {
  response.socket?.setTimeout(timeoutMs);
  response.on("timeout", (socket) => {
    if (socket.writableLength > 0) socket.destroy();
  });
}

async function takePort(server: Server, options: { host: string; port: number }): Promise<void> {
  const deadline = Date.now() + PREDECESSOR_TIMEOUT_MS;
  for (;;) {
    const listening = once(server, "listening");
    server.listen(options.port, options.host);
    const failure = await listening.then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error,
    );
    if (!failure) return;
    if (failure.code !== "EADDRINUSE" || Date.now() > deadline) {
      throw new Error(describeListenError(failure, options), { cause: failure });
    }
    await delay(100);
  }
}

/** In front of everything: no endpoint and no page is reached under a name that is not ours. */
function guarded(guard: (request: IncomingMessage) => HostVerdict, listener: Listener): Listener {
  return (request, response) => {
    const verdict = guard(request);
    if (verdict.kind === "serve") return listener(request, response);
    if (verdict.kind === "redirect") return response.writeHead(307, { location: verdict.to }).end();
    const isApi = request.url?.startsWith("/api");
    response.writeHead(403, { "content-type": isApi ? "application/json" : "text/plain" });
    response.end(
      isApi ? JSON.stringify(toErrorBody(new ApiError("forbidden", verdict.message), newId())) : verdict.message,
    );
  };
}

function createListener(options: Handlers): Listener {
  const routes = getRequestListener(async (request, node) => {
    const response = await options.routes(request);
    const writeBody = findNodeBody(response);
    if (!writeBody) return response;
    const outgoing = node.outgoing as ServerResponse;
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    writeBody(outgoing);
    return RESPONSE_ALREADY_SENT;
  });
  return (request, response) => {
    stampPeer(request);
    const path = request.url?.split("?", 1)[0] ?? "/";
    if (path === "/api" || path.startsWith("/api/")) {
      response.setHeader("x-content-type-options", "nosniff");
      response.setHeader("cache-control", "no-store");
      void routes(request, response);
      return;
    }
    setPageHeaders(request, response, {
      nonce: randomBytes(16).toString("base64"),
      isDevelopment: options.pages.isDevelopment,
    });
    if (!options.pages.isDevelopment) gatherAnswer(request, response);
    options.pages.handle(request, response).catch((err: unknown) => {
      log.error("page failed", { path, err });
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end("Something failed in the server. The log has the details.");
    });
  };
}

const answerStarting: Listener = (request, response) => {
  const isApi = request.url?.startsWith("/api");
  const message = "Slipway is starting. Try again in a moment.";
  response.writeHead(503, { "retry-after": "1", "content-type": isApi ? "application/json" : "text/plain" });
  response.end(isApi ? JSON.stringify({ code: "unavailable", message, request_id: "", validations: [] }) : message);
};

function describeListenError(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): string {
  if (error.code === "EADDRINUSE") return `Port ${port} on ${host} is in use. Stop what uses it, or set another PORT.`;
  if (error.code === "EACCES")
    return `Port ${port} needs rights that this user does not have. Set PORT to 1024 or higher.`;
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return `HOST ${host} is not an address of this machine. Set HOST to 127.0.0.1 or 0.0.0.0.`;
  }
  return `Listening on ${host}:${port} failed: ${error.message}`;
}
