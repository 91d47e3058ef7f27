/**
 * The typed client of the HTTP contract for the browser: same origin, JSON, a deadline on every call, failures as
 * `ApiError`. Holds no state and no cache; never used on the server, which calls functions instead.
 */

import type { ExportFormat } from "./chat-queries";
import type { SearchHit } from "./chat-search";
import type { Chat, CreateChatRequest, PatchChatRequest } from "./chats";
import type { ChatCalls, ChatCost, PutUsageLimits, UsageLimitStatus, UsageLimits } from "./costs";
import { ApiError, ERROR_STATUS, type ErrorBody, type ErrorCode } from "./errors";
import type { ExternalAuth, ExternalAuthTest } from "./external-auth";
import type { UploadedFile } from "./files";
import type {
  EditMessageRequest,
  EditMessageResponse,
  MessagesPage,
  QueueDelivery,
  SendMessageRequest,
  SendMessageResponse,
} from "./messages";
import type { AvailableModel, ModelConfig, Provider, ProviderTest } from "./models";
import type { DeploymentSettings, PersonalSettings, PutDeploymentSettings, PutPersonalSettings } from "./settings";
import type { NewSshKey, SshKey, SshKeyTest } from "./ssh-keys";
import type { ToolResultsRequest } from "./tools";
import type { CreateUserRequest, ListedUser, PatchUserRequest, Token, User, UserSession } from "./users";
import type {
  AdministeredWorkspace,
  AdministratorsTransition,
  Build,
  BuildTransition,
  FoundFiles,
  ListedTemplate,
  Skill,
  Template,
  Workspace,
} from "./workspaces";

export type RequestOptions = {
  signal?: AbortSignal;
  /** Milliseconds until the call is given up; 30 s when absent. */
  timeoutMs?: number;
  /** The same key within 24 hours returns the first result. */
  idempotencyKey?: string;
};

type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT";
type Query = Record<string, string | number | boolean | undefined>;

/** Longer than the server's own deadlines, so that its error text arrives first. */
const DEFAULT_TIMEOUT_MS = 30_000;

export const API_PREFIX = "/api/experimental";

/**
 * One call. Resolves with the parsed body, or undefined on 204.
 * @throws ApiError with the server's code, message and validations; `unavailable` when no answer came. An abort by the
 * caller's own signal is rethrown as it is.
 */
export async function request<T>(
  method: Method,
  path: string,
  options: RequestOptions & { body?: unknown; file?: File; query?: Query } = {},
): Promise<T> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadline = AbortSignal.timeout(timeoutMs);
  const headers = new Headers({ accept: "application/json" });
  if (options.body !== undefined) headers.set("content-type", "application/json");
  if (options.file) describeFile(headers, options.file);
  if (options.idempotencyKey) headers.set("idempotency-key", options.idempotencyKey);
  const call = `${method} ${path}`;
  try {
    const response = await fetch(path + formatQuery(options.query), {
      method,
      headers,
      body: options.file ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
      credentials: "same-origin",
      cache: "no-store",
      signal: options.signal ? AbortSignal.any([options.signal, deadline]) : deadline,
    });
    if (!response.ok) throw await readError(response, call);
    return (response.status === 204 ? undefined : await response.json()) as T;
  } catch (cause) {
    if (options.signal?.aborted || cause instanceof ApiError) throw cause;
    const reason = deadline.aborted
      ? `The server did not answer within ${Math.round(timeoutMs / 1_000)} s. Try again.`
      : "The server cannot be reached. Check the connection, then try again.";
    throw new ApiError("unavailable", reason, { cause });
  }
}

/** The name goes into the header percent-encoded (RFC 6266), since headers carry no other text. */
function describeFile(headers: Headers, file: File): void {
  headers.set("content-type", file.type || "application/octet-stream");
  headers.set("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
}

function formatQuery(query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}

/** The server's own words tell programs how to send a token. */
const SIGNED_OUT = "You are signed out. Sign in, then try again.";

/** Signing in itself is refused for other reasons. */
const isSignedOut = ({ code }: Partial<ErrorBody>, call: string): boolean =>
  code === "unauthorized" && !call.includes(" /api/auth/");

/** What is not our error body came from something in between, a proxy for one. */
async function readError(response: Response, call: string): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as Partial<ErrorBody> | null;
  if (body && typeof body.code === "string" && body.code in ERROR_STATUS) {
    const { code, message = "", validations = [], ...facts } = body;
    return new ApiError(code as ErrorCode, isSignedOut(body, call) ? SIGNED_OUT : message, { validations, facts });
  }
  const codes = Object.keys(ERROR_STATUS) as ErrorCode[];
  const code = codes.find((each) => ERROR_STATUS[each] === response.status) ?? "internal";
  return new ApiError(code, `${call} answered ${response.status}${response.statusText && ` ${response.statusText}`}.`);
}

/** What a person reads of any thrown value. */
export function errorText(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "Something failed. Try again.";
}

/** The detail a failed call gave for one field, or null. */
export function fieldError(error: unknown, field: string): string | null {
  if (!(error instanceof ApiError)) return null;
  return error.validations.find((validation) => validation.field === field)?.detail ?? null;
}

export type ListChatsQuery = {
  limit?: number;
  offset?: number;
  after_id?: string;
  archived?: boolean;
  q?: string;
};

const chats = `${API_PREFIX}/chats`;
const chatPath = (id: string, rest = "") => `${chats}/${encodeURIComponent(id)}${rest}`;

/** Chats, their messages and queue. */
export const chatsClient = {
  list: (query: ListChatsQuery, options?: RequestOptions) => request<Chat[]>("GET", chats, { ...options, query }),
  get: (id: string, options?: RequestOptions) => request<Chat>("GET", chatPath(id), options),
  create: (body: CreateChatRequest, options?: RequestOptions) => request<Chat>("POST", chats, { ...options, body }),
  patch: (id: string, body: PatchChatRequest, options?: RequestOptions) =>
    request<Chat>("PATCH", chatPath(id), { ...options, body }),
  archive: (id: string, options?: RequestOptions) => request<Chat>("POST", chatPath(id, "/archive"), options),
  unarchive: (id: string, options?: RequestOptions) => request<Chat>("POST", chatPath(id, "/unarchive"), options),
  interrupt: (id: string, options?: RequestOptions) => request<Chat>("POST", chatPath(id, "/interrupt"), options),
  /** Asks for a summary of what the model has seen; it comes as messages. */
  compact: (id: string, options?: RequestOptions) => request<Chat>("POST", chatPath(id, "/compact"), options),
  /** Empties the model's context. */
  clear: (id: string, options?: RequestOptions) => request<Chat>("POST", chatPath(id, "/clear"), options),
  /** Takes the newest summary or clearing back. */
  undoCompact: (id: string, options?: RequestOptions) => request<Chat>("POST", chatPath(id, "/compact/undo"), options),
  /** Has a model name the chat; as long as the server gives the model. */
  regenerateTitle: (id: string, options?: RequestOptions) =>
    request<Chat>("POST", chatPath(id, "/title/regenerate"), { timeoutMs: 45_000, ...options }),
  /** The skills of the chat's workspace. */
  skills: (id: string, options?: RequestOptions) => request<Skill[]>("GET", chatPath(id, "/skills"), options),
  /** Marks read, or unread. */
  read: (id: string, body: { unread?: boolean } = {}, options?: RequestOptions) =>
    request<Chat>("POST", chatPath(id, "/read"), { ...options, body }),
  messages: (id: string, query: { limit?: number; before_id?: number; after_id?: number }, options?: RequestOptions) =>
    request<MessagesPage>("GET", chatPath(id, "/messages"), { ...options, query }),
  send: (id: string, body: SendMessageRequest, options?: RequestOptions) =>
    request<SendMessageResponse>("POST", chatPath(id, "/messages"), { ...options, body }),
  patchQueued: (
    id: string,
    queuedId: number,
    body: { content?: SendMessageRequest["content"]; position?: number; delivery?: QueueDelivery },
    options?: RequestOptions,
  ) => request<unknown>("PATCH", chatPath(id, `/queue/${queuedId}`), { ...options, body }),
  deleteQueued: (id: string, queuedId: number, options?: RequestOptions) =>
    request<void>("DELETE", chatPath(id, `/queue/${queuedId}`), options),
  promoteQueued: (id: string, queuedId: number, options?: RequestOptions) =>
    request<unknown>("POST", chatPath(id, `/queue/${queuedId}/promote`), options),
  /** Replaces a message that a person sent, takes back what came after it, and runs again. */
  editMessage: (id: string, messageId: number, body: EditMessageRequest, options?: RequestOptions) =>
    request<EditMessageResponse>("PATCH", chatPath(id, `/messages/${messageId}`), { ...options, body }),
  /** Answers every call that a paused chat waits for. */
  toolResults: (id: string, body: ToolResultsRequest, options?: RequestOptions) =>
    request<Chat>("POST", chatPath(id, "/tool-results"), { ...options, body }),
  /** A new chat with the history up to and including a message. */
  fork: (id: string, messageId: number, options?: RequestOptions) =>
    request<Chat>("POST", chatPath(id, "/fork"), { ...options, body: { message_id: messageId } }),
  /** For a link: the browser downloads it. */
  exportUrl: (id: string, format: ExportFormat) => chatPath(id, `/export?format=${format}`),
  search: (query: { q: string; limit?: number }, options?: RequestOptions) =>
    request<SearchHit[]>("GET", `${chats}/search`, { ...options, query }),
};

/** Files for messages. */
export const filesClient = {
  /** Longer than the slowest line that is any use. */
  upload: (file: File, options?: RequestOptions) =>
    request<UploadedFile>("POST", `${chats}/files`, { timeoutMs: 300_000, ...options, file }),
  url: (id: string) => `${chats}/files/${encodeURIComponent(id)}`,
};

/** Models for choosing; providers and model configurations for administrators. */
export const modelsClient = {
  list: (options?: RequestOptions) => request<AvailableModel[]>("GET", `${chats}/models`, options),
  listProviders: (options?: RequestOptions) => request<Provider[]>("GET", `${chats}/providers`, options),
  createProvider: (body: Record<string, unknown>, options?: RequestOptions) =>
    request<Provider>("POST", `${chats}/providers`, { ...options, body }),
  patchProvider: (id: string, body: Record<string, unknown>, options?: RequestOptions) =>
    request<Provider>("PATCH", `${chats}/providers/${id}`, { ...options, body }),
  deleteProvider: (id: string, options?: RequestOptions) =>
    request<void>("DELETE", `${chats}/providers/${id}`, options),
  /** A real call to the provider; longer than the server's own deadline for it. */
  testProvider: (id: string, body: { model?: string }, options?: RequestOptions) =>
    request<ProviderTest>("POST", `${chats}/providers/${id}/test`, { timeoutMs: 45_000, ...options, body }),
  listConfigs: (options?: RequestOptions) => request<ModelConfig[]>("GET", `${chats}/model-configs`, options),
  createConfig: (body: Record<string, unknown>, options?: RequestOptions) =>
    request<ModelConfig>("POST", `${chats}/model-configs`, { ...options, body }),
  patchConfig: (id: string, body: Record<string, unknown>, options?: RequestOptions) =>
    request<ModelConfig>("PATCH", `${chats}/model-configs/${id}`, { ...options, body }),
  deleteConfig: (id: string, options?: RequestOptions) =>
    request<void>("DELETE", `${chats}/model-configs/${id}`, options),
};

const users = `${API_PREFIX}/users`;

/** Accounts, their API tokens and browsers; `me` is the caller. Those of others are for administrators. */
export const usersClient = {
  me: (options?: RequestOptions) => request<User>("GET", `${users}/me`, options),
  list: (query: { limit?: number; offset?: number; q?: string | undefined }, options?: RequestOptions) =>
    request<ListedUser[]>("GET", users, { ...options, query }),
  create: (body: CreateUserRequest, options?: RequestOptions) => request<User>("POST", users, { ...options, body }),
  patch: (id: string, body: PatchUserRequest, options?: RequestOptions) =>
    request<User>("PATCH", `${users}/${id}`, { ...options, body }),
  delete: (id: string, options?: RequestOptions) => request<void>("DELETE", `${users}/${id}`, options),
  listTokens: (id: string, options?: RequestOptions) => request<Token[]>("GET", `${users}/${id}/tokens`, options),
  createToken: (body: { name: string; expires_in_days?: number }, options?: RequestOptions) =>
    request<{ id: string; name: string; token: string }>("POST", `${users}/me/tokens`, { ...options, body }),
  deleteToken: (id: string, tokenId: string, options?: RequestOptions) =>
    request<void>("DELETE", `${users}/${id}/tokens/${tokenId}`, options),
  listSessions: (id: string, options?: RequestOptions) =>
    request<UserSession[]>("GET", `${users}/${id}/sessions`, options),
  deleteSession: (id: string, sessionId: string, options?: RequestOptions) =>
    request<void>("DELETE", `${users}/${id}/sessions/${sessionId}`, options),
};

const templates = `${API_PREFIX}/templates`;

/** What workspaces are made from. */
export const templatesClient = {
  list: (options?: RequestOptions) => request<ListedTemplate[]>("GET", templates, options),
  create: (body: Record<string, unknown>, options?: RequestOptions) =>
    request<Template>("POST", templates, { ...options, body }),
  patch: (id: string, body: Record<string, unknown>, options?: RequestOptions) =>
    request<Template>("PATCH", `${templates}/${id}`, { ...options, body }),
  delete: (id: string, options?: RequestOptions) => request<void>("DELETE", `${templates}/${id}`, options),
};

const settings = `${API_PREFIX}/settings`;

/** One's own settings, and the installation's for administrators. What a body leaves out stays as it is. */
export const settingsClient = {
  me: (options?: RequestOptions) => request<PersonalSettings>("GET", `${settings}/me`, options),
  putMe: (body: PutPersonalSettings, options?: RequestOptions) =>
    request<PersonalSettings>("PUT", `${settings}/me`, { ...options, body }),
  get: (options?: RequestOptions) => request<DeploymentSettings>("GET", settings, options),
  put: (body: PutDeploymentSettings, options?: RequestOptions) =>
    request<DeploymentSettings>("PUT", settings, { ...options, body }),
};

/** Accounts on git hosts. Linking by OAuth is a page of the host: `connectUrl`. */
export const externalAuthClient = {
  list: (options?: RequestOptions) => request<ExternalAuth[]>("GET", `${API_PREFIX}/external-auth`, options),
  putToken: (id: string, token: string) =>
    request<ExternalAuth>("PUT", `${API_PREFIX}/external-auth/${id}/token`, { body: { token } }),
  remove: (id: string) => request<undefined>("DELETE", `${API_PREFIX}/external-auth/${id}`),
  test: (id: string) => request<ExternalAuthTest>("POST", `${API_PREFIX}/external-auth/${id}/test`),
  connectUrl: (id: string): string => `${API_PREFIX}/external-auth/${id}/connect`,
};

const sshKeys = `${API_PREFIX}/ssh-keys`;

/** The person's keys for ssh hosts. */
export const sshKeysClient = {
  list: (options?: RequestOptions) => request<SshKey[]>("GET", sshKeys, options),
  create: (body: NewSshKey) => request<SshKey>("POST", sshKeys, { body }),
  remove: (id: string) => request<undefined>("DELETE", `${sshKeys}/${id}`),
  test: (id: string) => request<SshKeyTest>("POST", `${sshKeys}/${id}/test`),
};

/** Everybody's workspaces, for administrators. */
export const administeredWorkspacesClient = {
  list: (query: { limit: number; offset: number }, options?: RequestOptions) =>
    request<AdministeredWorkspace[]>("GET", `${API_PREFIX}/admin/workspaces`, { ...options, query }),
  build: (id: string, body: { transition: AdministratorsTransition }) =>
    request<Build>("POST", `${API_PREFIX}/admin/workspaces/${encodeURIComponent(id)}/builds`, { body }),
};

/** Where tools run. */
export const workspacesClient = {
  /** Files of a running workspace by a part of their path. */
  files: (id: string, query: { q: string; limit?: number }, options?: RequestOptions) =>
    request<FoundFiles>("GET", `${API_PREFIX}/workspaces/${encodeURIComponent(id)}/files`, { ...options, query }),
  get: (id: string, options?: RequestOptions) =>
    request<Workspace>("GET", `${API_PREFIX}/workspaces/${encodeURIComponent(id)}`, options),
  build: (id: string, body: { transition: BuildTransition }, options?: RequestOptions) =>
    request<Build>("POST", `${API_PREFIX}/workspaces/${encodeURIComponent(id)}/builds`, { ...options, body }),
};

/** What was spent, and what may be. */
export const costsClient = {
  chat: (id: string, options?: RequestOptions) => request<ChatCost>("GET", chatPath(id, "/cost"), options),
  chatCalls: (id: string, query: { limit?: number; before_id?: number }, options?: RequestOptions) =>
    request<ChatCalls>("GET", chatPath(id, "/cost/calls"), { ...options, query }),
  limitStatus: (options?: RequestOptions) => request<UsageLimitStatus>("GET", `${chats}/usage-limits/status`, options),
  limits: (options?: RequestOptions) => request<UsageLimits>("GET", `${chats}/usage-limits`, options),
  putLimits: (body: PutUsageLimits, options?: RequestOptions) =>
    request<UsageLimits>("PUT", `${chats}/usage-limits`, { ...options, body }),
  putOverride: (userId: string, body: { spend_limit_micros: number | null }, options?: RequestOptions) =>
    request<UsageLimits>("PUT", `${chats}/usage-limits/overrides/${userId}`, { ...options, body }),
  deleteOverride: (userId: string, options?: RequestOptions) =>
    request<void>("DELETE", `${chats}/usage-limits/overrides/${userId}`, options),
};
