/** The agent's HTTP server on an inherited unix socket. Answers only who holds the token; starts nothing by itself. */
import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Calls } from "./calls";
import { findFiles } from "./find-files";
import { readInstructions } from "./instructions";
import type { Processes } from "./processes";
import {
  type AgentConfig,
  type AgentLine,
  BEAT_MS,
  type BytesRefusal,
  type BytesRequest,
  type CallRequest,
  type CancelRequest,
  type FilesRequest,
  type HealthResponse,
  type LookupRequest,
  MAX_REQUEST_BYTES,
  type Refusal,
} from "./protocol";
import { readBytes } from "./read-bytes";
import { ToolError } from "./tool-error";

export type AgentParts = { config: AgentConfig; calls: Calls; processes: Processes };

/** Deltas that come within this time go out together. */
const COALESCE_MS = 16;
/** A server that reads slower than this loses live output, never the result. */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** Listens; `onContact` is called at every authorised request. */
export function serveAgent(parts: AgentParts, onContact: () => void): Server {
  const expected = Buffer.from(`Bearer ${parts.config.token}`);
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
    const given = Buffer.from(request.headers.authorization ?? "");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply(response, 401, {});
    onContact();
    handle(parts, request, response).catch((error: Error) => reply(response, 400, { error: error.message }));
  });
  // A call may be silent for hours, and a server keeps its connection between calls.
  server.keepAliveTimeout = 0;
  server.timeout = 0;
  return server.listen({ fd: parts.config.listenFd });
}

async function handle({ config, calls, processes }: AgentParts, request: IncomingMessage, response: ServerResponse) {
  const body = JSON.parse(await readBody(request));
  switch (request.url) {
    case "/call":
      return streamCall(calls, body as CallRequest, response);
    case "/lookup":
      return reply(response, 200, calls.find((body as LookupRequest).callId));
    case "/cancel":
      await calls.cancel((body as CancelRequest).callIds);
      return reply(response, 200, {});
    case "/files":
      return reply(response, 200, await findFiles(config, body as FilesRequest));
    case "/bytes":
      return sendBytes(config, body as BytesRequest, response);
    case "/refusal":
      tellRefusal(processes, body as Refusal);
      return reply(response, 200, {});
    case "/instructions":
      return reply(response, 200, await readInstructions(config));
    case "/health":
      return reply(response, 200, healthOf(config));
    default:
      return reply(response, 404, {});
  }
}

const healthOf = (config: AgentConfig): HealthResponse => ({
  agentId: config.agentId,
  rssBytes: process.memoryUsage.rss(),
});

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new Error("The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** One that reads slowly waits for the socket; nothing is held twice. */
async function sendBytes(config: AgentConfig, wanted: BytesRequest, response: ServerResponse): Promise<void> {
  try {
    const bytes = await readBytes(config, wanted);
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length }).end(bytes);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const refusal: BytesRefusal = { problem: error.message };
    reply(response, 200, refusal);
  }
}

async function streamCall(calls: Calls, call: CallRequest, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  const send = (line: AgentLine) => void response.write(`${JSON.stringify(line)}\n`);
  let pending = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (pending) send({ type: "output", delta: pending });
    pending = "";
  };
  const { outcome, leave } = calls.run(call, (delta) => {
    if (response.writableLength + pending.length > MAX_BUFFERED_BYTES) return;
    pending += delta;
    timer ??= setTimeout(flush, COALESCE_MS);
  });
  const beat = setInterval(() => send({ type: "beat" }), BEAT_MS);
  const stop = () => {
    leave();
    clearInterval(beat);
    clearTimeout(timer);
  };
  response.on("close", stop);
  const finished = await outcome;
  flush();
  stop();
  const last: AgentLine = { type: "outcome", outcome: finished };
  response.end(`${JSON.stringify(last)}\n`);
}

/** The running command that asked gets a line in its output and the host in its result. */
function tellRefusal(processes: Processes, { processId, host, port, reason }: Refusal): void {
  for (const affected of processes.affected(processId)) {
    const name = `${host}:${port}`;
    if (affected.refusedHosts.has(name)) continue;
    affected.refusedHosts.add(name);
    for (const listener of affected.listeners) listener(`[slipway] refused ${name}: ${reason}\n`);
  }
}
