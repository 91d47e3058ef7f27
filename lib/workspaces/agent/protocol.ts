/** What server and agent say to each other over the socket. Types and constants only: both bundles load it. */
import type {
  LedgerEntry,
  ToolOutcome,
  WorkspaceOperationName,
  WorkspaceToolName,
} from "@/lib/contract/workspace-agent";

/** `POST /call`; the answer is a stream of `AgentLine`, one JSON object a line. */
export type CallRequest = {
  callId: string;
  chatId: string;
  tool: WorkspaceToolName | WorkspaceOperationName;
  args: Record<string, unknown>;
};

/** A line of the answer to a call. `beat` says that the agent is alive while a command is silent. */
export type AgentLine =
  | { type: "beat" }
  | { type: "output"; delta: string }
  | { type: "outcome"; outcome: ToolOutcome };

/** `POST /lookup`. */
export type LookupRequest = { callId: string };
export type LookupResponse = LedgerEntry;

/** `POST /cancel`. */
export type CancelRequest = { callIds: string[] };

/** `POST /files`: by a part of the path. */
export type FilesRequest = { query: string; limit: number };

/** `POST /bytes`; the answer is the file's bytes or, as JSON, why not. */
export type BytesRequest = { path: string; maxBytes: number };
export type BytesRefusal = { problem: string };

/** `POST /refusal`: the proxy refused a connection; the process is known when it named itself to the proxy. */
export type Refusal = { processId: string | null; host: string; port: number; reason: string };

/** `GET /health`. */
export type HealthResponse = { agentId: string; rssBytes: number };

/** What the agent reads from its standard input when it starts. Nothing secret stands in its arguments or environment. */
export type AgentConfig = {
  agentId: string;
  token: string;
  workspaceDir: string;
  /** Long output goes here; tools may read it. */
  outputDir: string;
  /** An open file, for appending. Never a path: tools must not find it. */
  ledgerFd: number;
  /** A listening unix socket. */
  listenFd: number;
  /** Ports of the sandbox's loopback that are forwarded to sockets of the server. */
  forwards: { port: number; socketPath: string }[];
  /** The whole environment of tools. */
  environment: Record<string, string>;
  /** The proxy's address without user; each process gets itself as the user. */
  proxyPort: number;
  /** The agent ends itself, and so the sandbox, when no server spoke to it for this long. */
  idleTimeoutMs: number;
};

/** A silent call sends a beat this often; the server gives up after three. */
export const BEAT_MS = 15_000;
/** More than the largest file a tool writes, escaped. */
export const MAX_REQUEST_BYTES = 8 * 1024 * 1024;
