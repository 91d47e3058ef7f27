/**
 * A model provider on loopback: Anthropic's Messages API and OpenAI's Chat Completions API, as streams, scripted.
 * Speaks the vendors' formats to the byte and refuses what they refuse; thinks nothing of its own.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { anthropicErrorBody, anthropicFrames, anthropicModels, anthropicStreamError } from "./anthropic-wire";
import { type AnswerReply, type EarlyEnd, type ErrorReply, type Reply, reply } from "./model-reply";
import { type Dialect, type ModelServerRequest, readModelRequest } from "./model-request";
import { findBrokenRule } from "./model-rules";
import { resolveScript, type Script } from "./model-script";
import { openaiErrorBody, openaiFrames, openaiModels, openaiStreamError } from "./openai-wire";
import { untilEarlyEnd } from "./wire";

export type ModelServerOptions = {
  script: Script;
  /** Requests with another key get the vendor's 401. Absent: any key will do. */
  apiKey?: string;
  /** What `GET /v1/models` lists. */
  models?: readonly string[];
  /** Before every chunk of replies that name none, for people who watch. */
  delayMs?: number;
  /** 0 or absent: any free one. */
  port?: number;
};

export type ModelServer = {
  /** Without `/v1`. */
  url: string;
  /** The latest requests that reached the script, oldest first. */
  requests: ModelServerRequest[];
  /** Replies being sent now; falls when a client goes away. */
  openReplies(): number;
  close(): Promise<void>;
};

/** A bench makes thousands. */
const MAX_LOGGED_REQUESTS = 1_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Listens on 127.0.0.1. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const state: State = { options, requests: [], openReplies: 0, ids: 0 };
  const server = createServer((incoming, response) => {
    handle(state, incoming, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    openReplies: () => state.openReplies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type State = { options: ModelServerOptions; requests: ModelServerRequest[]; openReplies: number; ids: number };

const PATHS: Record<string, Dialect> = { "/v1/messages": "anthropic", "/v1/chat/completions": "openai" };

async function handle(state: State, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options } = state;
  const path = (incoming.url ?? "").split("?")[0] ?? "";
  const dialect = PATHS[path] ?? (incoming.headers["anthropic-version"] ? "anthropic" : "openai");
  const fail = (error: ErrorReply) => sendError(response, dialect, error);
  const body = await readBody(incoming);
  if (options.apiKey !== undefined && keyOf(incoming) !== options.apiKey) return fail(badKey(dialect));
  if (path === "/v1/models" && incoming.method === "GET") {
    const models = options.models ?? ["scripted-model"];
    response.setHeader("content-type", "application/json");
    response.end(dialect === "anthropic" ? anthropicModels(models) : openaiModels(models));
    return;
  }
  if (!(path in PATHS) || incoming.method !== "POST") return fail(reply.error(404, "not_found_error", "Not found"));

  const request = readModelRequest(dialect, JSON.parse(body), incoming.headers);
  const broken =
    request.body.stream === true ? findBrokenRule(request) : "This server streams only: set stream to true.";
  if (broken) return fail(reply.error(400, "invalid_request_error", broken));
  state.requests.push(request);
  if (state.requests.length > MAX_LOGGED_REQUESTS) state.requests.shift();
  await sendReply({ state, request, response, answer: await resolveScript(options.script, request) });
}

type SendReply<T extends Reply = Reply> = {
  state: State;
  request: ModelServerRequest;
  response: ServerResponse;
  answer: T;
};

async function sendReply({ state, request, response, answer }: SendReply): Promise<void> {
  state.openReplies += 1;
  response.once("close", () => {
    state.openReplies -= 1;
  });
  if (answer.type === "error") return sendError(response, request.dialect, answer);
  if (answer.type === "answer") await sendAnswer({ state, request, response, answer });
}

async function sendAnswer({ state, request, response, answer }: SendReply<AnswerReply>): Promise<void> {
  const { dialect, model, body } = request;
  const newId = () => `01${(state.ids++).toString(36).padStart(20, "0")}`;
  const includeUsage = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  const whole =
    dialect === "anthropic"
      ? anthropicFrames(answer, { model, newId })
      : openaiFrames(answer, { model, includeUsage, newId });
  const { frames, end } = untilEarlyEnd(whole, answer.earlyEnd);
  const delayMs = answer.delayMs ?? state.options.delayMs ?? 0;

  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
  for (const { text, isChunk } of frames) {
    if (isChunk && delayMs > 0) await sleep(delayMs);
    if (response.destroyed) return;
    response.write(text);
  }
  if (end) endEarly(response, dialect, end);
  else response.end();
}

function endEarly(response: ServerResponse, dialect: Dialect, end: EarlyEnd): void {
  switch (end.type) {
    case "cut":
      // Only once the frames are out: a reset would take them along.
      response.write("", () => response.destroy());
      return;
    case "close":
      response.end();
      return;
    case "hang":
      return;
    case "malformed":
      response.end(dialect === "anthropic" ? 'event: ping\ndata: {"type": "pi\n\n' : 'data: {"id": "chatc\n\n');
      return;
    case "error": {
      const streamError = dialect === "anthropic" ? anthropicStreamError : openaiStreamError;
      response.end(streamError(end.errorType, end.message));
    }
  }
}

function sendError(response: ServerResponse, dialect: Dialect, error: ErrorReply): void {
  const errorBody = dialect === "anthropic" ? anthropicErrorBody : openaiErrorBody;
  response.writeHead(error.status, { "content-type": "application/json", ...error.headers });
  response.end(error.body ?? errorBody(error));
}

const badKey = (dialect: Dialect): ErrorReply =>
  dialect === "anthropic"
    ? reply.error(401, "authentication_error", "invalid x-api-key")
    : reply.error(401, "invalid_api_key", "Incorrect API key provided.");

const keyOf = ({ headers }: IncomingMessage): string | undefined =>
  headers["x-api-key"]?.toString() ?? headers.authorization?.replace(/^Bearer /, "");

async function readBody(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of incoming) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new Error(`The request is larger than ${MAX_BODY_BYTES} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
