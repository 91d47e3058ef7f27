/** The server's side of a workspace agent: HTTP over its unix socket, kept alive. Runs no tool and decides no retry. */
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import type {
  LedgerEntry,
  ToolOutcome,
  WorkspaceCall,
  WorkspaceConnection,
  WorkspaceInstructions,
} from "@/lib/contract/workspace-agent";
import type { FoundFiles } from "@/lib/contract/workspaces";
import {
  type AgentLine,
  BEAT_MS,
  type BytesRefusal,
  type FilesRequest,
  type HealthResponse,
  type Refusal,
} from "./agent/protocol";
import type { AgentEndpoint } from "./port";

export type AgentConnection = WorkspaceConnection & {
  health(signal: AbortSignal): Promise<HealthResponse>;
  /** Files whose paths hold the text, best first. */
  findFiles(request: FilesRequest, signal: AbortSignal): Promise<FoundFiles>;
  /** Tells the running command that a host was refused. */
  refuse(refusal: Refusal, signal: AbortSignal): Promise<void>;
  close(): void;
};

/** Short questions: the agent answers them from memory. */
const QUESTION_MS = 5_000;
/** Three missed beats. */
const SILENCE_MS = 3 * BEAT_MS;
/** Calls at once; further ones wait for a socket. */
const MAX_SOCKETS = 256;
/** An outcome is at most some 100 KiB; a line beyond this is not one of ours. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

/** Opens nothing until the first call. */
export function connectAgent(endpoint: AgentEndpoint): AgentConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, maxFreeSockets: 8 });
  const send = (path: string, body: unknown, signal: AbortSignal) =>
    post({ agent, endpoint, path, body: JSON.stringify(body), signal });
  const ask = async (path: string, body: unknown, signal: AbortSignal): Promise<unknown> => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(QUESTION_MS)]);
    let text = "";
    for await (const chunk of (await send(path, body, deadline)).setEncoding("utf8")) text += chunk;
    return JSON.parse(text);
  };
  return {
    async call(call: WorkspaceCall, options) {
      const response = await send("/call", call, options.signal);
      return readOutcome(response, options);
    },
    lookup: async (callId, signal) => (await ask("/lookup", { callId }, signal)) as LedgerEntry,
    cancel: async (callIds, signal) => {
      await ask("/cancel", { callIds }, signal);
    },
    instructions: async (signal) => (await ask("/instructions", {}, signal)) as WorkspaceInstructions,
    readBytes: async (file, signal) => readFile(await send("/bytes", file, signal), file.maxBytes),
    health: async (signal) => (await ask("/health", {}, signal)) as HealthResponse,
    findFiles: async (request, signal) => (await ask("/files", request, signal)) as FoundFiles,
    refuse: async (refusal, signal) => {
      await ask("/refusal", refusal, signal);
    },
    close: () => agent.destroy(),
  };
}

type Post = { agent: Agent; endpoint: AgentEndpoint; path: string; body: string; signal: AbortSignal };

/** A kept-alive socket may have died unseen; asking again is safe, since the agent adopts a call it knows. */
async function post(options: Post): Promise<IncomingMessage> {
  try {
    return await postOnce(options);
  } catch (error) {
    const isStale = error instanceof StaleSocket && !options.signal.aborted;
    if (!isStale) throw error;
    return postOnce(options);
  }
}

class StaleSocket extends Error {}

function postOnce({ agent, endpoint, path, body, signal }: Post): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const outgoing: ClientRequest = request({
      agent,
      socketPath: endpoint.socketPath,
      path,
      method: "POST",
      headers: {
        authorization: `Bearer ${endpoint.token}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      },
      timeout: SILENCE_MS,
    });
    const onAbort = () => outgoing.destroy();
    signal.addEventListener("abort", onAbort, { once: true });
    outgoing.on("timeout", () => outgoing.destroy(new Error("The workspace agent has stopped answering.")));
    outgoing.on("close", () => signal.removeEventListener("abort", onAbort));
    outgoing.on("error", (cause) => reject(signal.aborted ? signal.reason : unreachable(cause, outgoing)));
    outgoing.on("response", (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      reject(
        new Error(`The workspace agent answered ${response.statusCode}: it is another build's, or was restarted.`),
      );
    });
    outgoing.end(body);
  });
}

function unreachable(cause: Error, outgoing: ClientRequest): Error {
  const text = `The workspace agent cannot be reached: ${cause.message}`;
  return outgoing.reusedSocket ? new StaleSocket(text, { cause }) : new Error(text, { cause });
}

/** Bounded whatever the sandbox sends. */
async function readFile(response: IncomingMessage, maxBytes: number) {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw new Error("The workspace agent sent more than it was asked for.");
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const isRefusal = response.headers["content-type"] === "application/json";
  return isRefusal ? (JSON.parse(bytes.toString()) as BytesRefusal) : { bytes };
}

async function readOutcome(
  response: IncomingMessage,
  options: { signal: AbortSignal; onOutput?: (delta: string) => void },
): Promise<ToolOutcome> {
  let rest = "";
  let outcome: ToolOutcome | undefined;
  try {
    // Read to the end even after the outcome, so that the socket can be used again.
    for await (const chunk of response.setEncoding("utf8")) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > MAX_LINE_CHARACTERS) throw new Error("The workspace agent sent a line without an end.");
      for (const text of lines) {
        const line = JSON.parse(text) as AgentLine;
        if (line.type === "output") options.onOutput?.(line.delta);
        if (line.type === "outcome") outcome = line.outcome;
      }
    }
  } catch (cause) {
    if (outcome) return outcome;
    if (options.signal.aborted) throw options.signal.reason;
    throw new Error("The connection to the workspace agent ended before the call did.", { cause });
  }
  if (outcome) return outcome;
  if (options.signal.aborted) throw options.signal.reason;
  throw new Error("The workspace agent ended before the call did.");
}
