import { assertNever } from "@/lib/assert-never";
import type { Chat, ChatError, ChatStatus, PauseReason } from "@/lib/contract/chats";
import type { ChatEvent, LivePart, MessagePartEvent, RetryState, StatusEvent } from "@/lib/contract/events";
import { type FoldedPart, foldPart } from "@/lib/contract/fold-parts";
import type { Message, QueuedMessage } from "@/lib/contract/messages";

/** What the server rendered the page with. `messages` in any order. */
export type ChatSnapshot = {
  chat: Chat;
  messages: readonly Message[];
  queuedMessages: readonly QueuedMessage[];
  hasMore: boolean;
};

/** The parts of the running step. They are never gated by the chat's status: the server versions them. */
export type LiveStep = {
  /** `<history_version>.<attempt>`; null when no step is shown. */
  episode: string | null;
  lastSeq: number;
  blocks: readonly FoldedPart[];
};

export type ChatState = {
  /** Ascending by id, each id once. */
  messages: readonly Message[];
  /** Whether older rows than the first exist on the server. */
  hasMore: boolean;
  queue: readonly QueuedMessage[];
  /** Counts `queue_update`s, so that the answer to a send does not bring back what a later update removed. */
  queueRevision: number;
  status: ChatStatus;
  pauseReason: PauseReason | null;
  statusVersion: number;
  error: ChatError | null;
  retry: RetryState | null;
  live: LiveStep;
  /** Parts up to this episode are already in durable rows. */
  endedEpisode: string | null;
  /** The stream ended on purpose. */
  isDone: boolean;
};

/** What the page itself learns from the answers to its own requests; rows only ever come from the server. */
export type ChatAction =
  | ChatEvent
  | { type: "older_messages"; messages: readonly Message[]; hasMore: boolean }
  | { type: "sent_message"; message: Message }
  | { type: "sent_queued_message"; queuedMessage: QueuedMessage; queueRevision: number }
  | { type: "edited_message"; message: Message; deletedIds: readonly number[] };

const NO_BLOCKS: readonly FoldedPart[] = [];
export const NO_LIVE_STEP: LiveStep = { episode: null, lastSeq: 0, blocks: NO_BLOCKS };

export function createChatState(snapshot: ChatSnapshot): ChatState {
  return {
    messages: [...snapshot.messages].sort((a, b) => a.id - b.id),
    hasMore: snapshot.hasMore,
    queue: snapshot.queuedMessages,
    queueRevision: 0,
    status: snapshot.chat.status,
    pauseReason: snapshot.chat.pause_reason,
    statusVersion: snapshot.chat.snapshot_version,
    error: snapshot.chat.last_error,
    retry: null,
    live: NO_LIVE_STEP,
    endedEpisode: null,
    isDone: false,
  };
}

/** The one reducer of a chat page: the same events in the same order give what the database holds. */
export function reduceChat(state: ChatState, action: ChatAction): ChatState {
  switch (action.type) {
    case "message":
      return applyMessage(state, action.message);
    case "message_part":
      return applyPart(state, action);
    case "status":
      return applyStatus(state, action);
    case "error": {
      const { type: _, ...error } = action;
      return { ...state, error, retry: null };
    }
    case "retry": {
      const { type: _, ...retry } = action;
      return { ...state, retry };
    }
    case "queue_update":
      return { ...state, queue: action.queued_messages, queueRevision: state.queueRevision + 1 };
    case "action_required":
      return state;
    case "preview_reset":
      return { ...state, live: NO_LIVE_STEP, endedEpisode: null };
    case "history_reset":
      return { ...state, messages: [], hasMore: false, live: NO_LIVE_STEP, endedEpisode: null };
    case "done":
      return { ...state, isDone: true };
    case "older_messages":
      return applyOlder(state, action.messages, action.hasMore);
    case "sent_message":
      return { ...state, messages: upsertMessage(state.messages, action.message) };
    case "sent_queued_message":
      return applySentQueued(state, action.queuedMessage, action.queueRevision);
    case "edited_message":
      return applyEdited(state, action.message, action.deletedIds);
    default:
      return ignoreUnknown(action, state);
  }
}

/** Event types of a newer server change nothing. */
function ignoreUnknown(action: never, state: ChatState): ChatState {
  return typeof action === "object" ? state : assertNever(action);
}

/** A new durable row and the end of the parts it replaces are one step: never both, never neither. */
function applyMessage(state: ChatState, message: Message): ChatState {
  const oldest = state.messages[0];
  // Rows older than the loaded window come by `before_id`; taking one here would leave a hole.
  if (state.hasMore && oldest && message.id < oldest.id) return state;
  const isNew = message.id > (state.messages.at(-1)?.id ?? 0);
  const messages = upsertMessage(state.messages, message);
  if (messages === state.messages) return state;
  if (!isNew) return { ...state, messages };
  return { ...state, messages, ...endEpisode(state, message) };
}

function endEpisode(state: ChatState, message: Message): Pick<ChatState, "live" | "endedEpisode"> {
  const { live, endedEpisode } = state;
  const keep = { live, endedEpisode };
  if (live.episode === null) return keep;
  const isResults = parseEpisode(live.episode).attempt === 0;
  if (message.role === "assistant" && !isResults) return { live: NO_LIVE_STEP, endedEpisode: live.episode };
  if (message.role !== "tool" || !isResults) return keep;
  const ids = new Set(message.content.flatMap((part) => (part.type === "tool-result" ? [part.tool_call_id] : [])));
  const blocks = live.blocks.filter((block) => block.type !== "tool-result" || !ids.has(block.tool_call_id));
  if (blocks.length > 0) return { live: { ...live, blocks }, endedEpisode };
  return { live: NO_LIVE_STEP, endedEpisode: live.episode };
}

function applyPart(state: ChatState, event: MessagePartEvent): ChatState {
  const { live, endedEpisode } = state;
  if (endedEpisode !== null && compareEpisodes(event.episode, endedEpisode) <= 0) return state;
  const order = live.episode === null ? 1 : compareEpisodes(event.episode, live.episode);
  if (order < 0) return state;
  if (order === 0 && event.seq <= live.lastSeq) return state;
  // A later episode starts from nothing, also when the reset before it was missed.
  const blocks = order > 0 ? NO_BLOCKS : live.blocks;
  return {
    ...state,
    retry: null,
    live: { episode: event.episode, lastSeq: event.seq, blocks: appendPart(blocks, event) },
  };
}

const KNOWN_PARTS: ReadonlySet<string> = new Set<LivePart["type"]>([
  "text",
  "reasoning",
  "tool-call",
  "tool-result",
  "source",
]);

/** Parts of a newer server change nothing. */
const appendPart = (blocks: readonly FoldedPart[], { role, part }: MessagePartEvent): readonly FoldedPart[] =>
  KNOWN_PARTS.has(part.type) ? foldPart(blocks, role, part) : blocks;

function applyStatus(state: ChatState, event: StatusEvent): ChatState {
  if (event.version < state.statusVersion) return state;
  const { status, pause_reason: pauseReason, version: statusVersion } = event;
  return {
    ...state,
    status,
    pauseReason,
    statusVersion,
    error: status === "error" ? state.error : null,
    retry: status === "running" ? state.retry : null,
  };
}

function applyOlder(state: ChatState, older: readonly Message[], hasMore: boolean): ChatState {
  const known = new Set(state.messages.map((message) => message.id));
  const fresh = older.filter((message) => !known.has(message.id)).sort((a, b) => a.id - b.id);
  return { ...state, hasMore, messages: [...fresh, ...state.messages].sort((a, b) => a.id - b.id) };
}

function applySentQueued(state: ChatState, queued: QueuedMessage, queueRevision: number): ChatState {
  const isOutdated = state.queueRevision !== queueRevision;
  if (isOutdated || state.queue.some((other) => other.id === queued.id)) return state;
  return { ...state, queue: [...state.queue, queued].sort((a, b) => a.position - b.position) };
}

/** What came after the edited message is gone at once; the stream says the same when it sends the history anew. */
function applyEdited(state: ChatState, message: Message, deletedIds: readonly number[]): ChatState {
  const deleted = new Set(deletedIds);
  const kept = state.messages.filter(({ id }) => !deleted.has(id));
  return { ...state, messages: upsertMessage(kept, message), queue: [], live: NO_LIVE_STEP, error: null, retry: null };
}

/** The same array when nothing changed, so that a replay draws nothing. */
function upsertMessage(messages: readonly Message[], message: Message): readonly Message[] {
  const last = messages.at(-1);
  if (!last || message.id > last.id) return [...messages, message];
  const index = messages.findIndex((other) => other.id >= message.id);
  const other = messages[index];
  if (other?.id !== message.id) return messages.toSpliced(index, 0, message);
  return JSON.stringify(other) === JSON.stringify(message) ? messages : messages.with(index, message);
}

export function parseEpisode(episode: string): { historyVersion: number; attempt: number } {
  const [historyVersion = 0, attempt = 0] = episode.split(".").map(Number);
  return { historyVersion, attempt };
}

function compareEpisodes(a: string, b: string): number {
  const left = parseEpisode(a);
  const right = parseEpisode(b);
  return left.historyVersion - right.historyVersion || left.attempt - right.attempt;
}
