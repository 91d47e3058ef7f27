/**
 * A model provider on loopback: the streaming APIs of Anthropic, OpenAI (both), OpenRouter, Azure, Google and Bedrock,
 * scripted.
 * Speaks the vendors' formats to the byte and refuses what they refuse; thinks nothing of its own.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { isSignedWith } from "./aws-signature";
import { type AnswerReply, type EarlyEnd, type ErrorReply, type Reply, reply } from "./model-reply";
import { type Dialect, type ModelServerRequest, readModelRequest } from "./model-request";
import { findBrokenRule } from "./model-rules";
import { resolveScript, type Script } from "./model-script";
import { untilEarlyEnd } from "./wire";
import { WIRES } from "./wires";

export type ModelServerOptions = {
  script: Script;
  /** Requests with another key get the vendor's 401. Absent: any key will do. */
  apiKey?: string;
  /** Titles and turn summaries, which every turn may ask for; absent: they are refused. */
  asides?: Script;
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
  /** Those that asked for titles and turn summaries. */
  asides: ModelServerRequest[];
  /** Replies being sent now; falls when a client goes away. */
  openReplies(): number;
  close(): Promise<void>;
};

/** A bench makes thousands. */
const MAX_LOGGED_REQUESTS = 1_000;
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Listens on 127.0.0.1. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const state: State = { options, requests: [], asides: [], openReplies: 0, ids: 0 };
  const server = createServer((incoming, response) => {
    handle(state, incoming, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    asides: state.asides,
    openReplies: () => state.openReplies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type State = {
  options: ModelServerOptions;
  requests: ModelServerRequest[];
  asides: ModelServerRequest[];
  openReplies: number;
  ids: number;
};

/** What a path asks of whom; Google's and Bedrock's name the model. */
const ROUTES: [pattern: RegExp, dialect: Dialect][] = [
  [/^\/v1\/messages$/, "anthropic"],
  [/^(?:\/openai)?\/v1\/chat\/completions$/, "openai"],
  [/^\/api\/v1\/chat\/completions$/, "openrouter"],
  [/^(?:\/openai)?\/v1\/responses$/, "openai-responses"],
  [/^\/v1(?:beta)?\/models\/(?<model>.+):streamGenerateContent$/, "google"],
  [/^\/model\/(?<model>.+)\/converse-stream$/, "bedrock"],
];

/** Whose kind of error and list an unknown path gets. */
function guessDialect(path: string, { headers }: IncomingMessage): Dialect {
  if (headers["x-goog-api-key"]) return "google";
  if (path.startsWith("/model/")) return "bedrock";
  return headers["anthropic-version"] ? "anthropic" : "openai";
}

async function handle(state: State, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options } = state;
  const encodedPath = (incoming.url ?? "").split("?")[0] ?? "";
  const path = decodeURIComponent(encodedPath);
  const [pattern, dialect = guessDialect(path, incoming)] = ROUTES.find(([route]) => route.test(path)) ?? [];
  const fail = (error: ErrorReply) => sendError(response, dialect, error);
  const body = await readBody(incoming);
  if (!hasKey(options, { incoming, encodedPath, body })) return fail(WIRES[dialect].badKey);
  if (/^\/v1(beta)?\/models$/.test(path) && incoming.method === "GET") {
    response.setHeader("content-type", "application/json");
    response.end(WIRES[dialect].models(options.models ?? ["scripted-model"]));
    return;
  }
  if (!pattern || incoming.method !== "POST") return fail(reply.error(404, "not_found_error", "Not found"));

  const model = pattern.exec(path)?.groups?.model;
  const request = readModelRequest({ dialect, model, body: JSON.parse(body), headers: incoming.headers });
  const isStream = model !== undefined || request.body.stream === true;
  const broken = isStream ? findBrokenRule(request) : "This server streams only: set stream to true.";
  if (broken) return fail(reply.error(400, "invalid_request_error", broken));
  const isAside = request.tools.length === 0 && ASIDE.test(request.system);
  const log = isAside ? state.asides : state.requests;
  log.push(request);
  if (log.length > MAX_LOGGED_REQUESTS) log.shift();
  const script = isAside ? (options.asides ?? NO_WORDS) : options.script;
  await sendReply({ state, request, response, answer: await resolveScript(script, request) });
}

/** How the product begins when it asks for a title or a turn summary. */
const ASIDE = /^You (name|sum up) /;
/** Costs nothing and says nothing, so that tests of other things see nothing of it. */
const NO_WORDS: Script = reply.error(404, "not_found_error", "This server gives no titles.");

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
  const wire = WIRES[dialect];
  const whole = wire.frames(answer, { model, includeUsage, newId });
  const { frames, end } = untilEarlyEnd(whole, answer.earlyEnd);
  const delayMs = answer.delayMs ?? state.options.delayMs ?? 0;

  response.writeHead(200, { "content-type": wire.contentType, "cache-control": "no-cache" });
  for (const { data, isChunk } of frames) {
    if (isChunk && delayMs > 0) await sleep(delayMs);
    if (response.destroyed) return;
    response.write(data);
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
      response.end(WIRES[dialect].malformed());
      return;
    case "error":
      response.end(WIRES[dialect].streamError(end.errorType, end.message));
  }
}

function sendError(response: ServerResponse, dialect: Dialect, error: ErrorReply): void {
  const kind = dialect === "bedrock" ? { "x-amzn-errortype": error.errorType } : {};
  response.writeHead(error.status, { "content-type": "application/json", ...kind, ...error.headers });
  response.end(error.body ?? WIRES[dialect].errorBody(error));
}

type KeyCheck = { incoming: IncomingMessage; encodedPath: string; body: string };

/** A key with a colon is an AWS key pair, with which the request must be signed. */
function hasKey({ apiKey }: ModelServerOptions, { incoming, encodedPath, body }: KeyCheck): boolean {
  if (apiKey === undefined) return true;
  const { headers } = incoming;
  const [accessKeyId = "", secretAccessKey] = apiKey.split(":");
  if (secretAccessKey) return isSignedWith({ encodedPath, headers, body }, { accessKeyId, secretAccessKey });
  const given = ["x-api-key", "api-key", "x-goog-api-key"].map((name) => headers[name]?.toString());
  return [...given, headers.authorization?.replace(/^Bearer /, "")].includes(apiKey);
}

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
