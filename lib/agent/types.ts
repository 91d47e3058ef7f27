/**
 * The ports of the agent loop: model, store, tools, and what it tells while it runs.
 * Types alone; whoever implements a port does the I/O.
 */
import type { Clock } from "@/lib/clock";
import type { ChatError, PauseReason } from "@/lib/contract/chats";
import type { LivePart } from "@/lib/contract/events";
import type {
  MessageRole,
  ReasoningEffort,
  StoredPart,
  ToolCallPart,
  ToolResultPart,
  Usage,
} from "@/lib/contract/messages";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";

/** Why work was stopped from outside; the `reason` of every signal the loop is given. */
export const ABORT_REASONS = ["interrupt", "shutdown", "lost_lease", "time_out"] as const;
export type AbortReason = (typeof ABORT_REASONS)[number];

/** One row of the prompt, as stored. */
export type PromptMessage = {
  role: MessageRole;
  parts: StoredPart[];
  /** Of an answer: what the prompt then held, by its usage. Absent or null: not known. */
  tokensAfter?: number | null;
  /** It stands for everything before it. */
  isSummary?: boolean;
};

/** The window of the model and how full of it may be; a threshold of 100 percent: until the provider refuses. */
export type ContextBounds = { limitTokens: number; thresholdPercent: number };

export const COMPACTION_SOURCES = ["automatic", "manual"] as const;
export type CompactionSource = (typeof COMPACTION_SOURCES)[number];

/** What a failed attempt is recorded as. */
export type CallPurpose = "step" | "compaction";

/** A call as it is stored in the assistant row. */
export type ToolCall = ToolCallPart & Pick<StoredPart, "provider_metadata" | "provider_tool_call_id">;

/** A result as it is stored in a tool row. */
export type ToolResult = ToolResultPart & Pick<StoredPart, "provider_tool_call_id">;

/** What the model is told of a tool. `inputSchema` is JSON Schema. */
export type ToolSpec = { name: string; description: string; inputSchema: Record<string, unknown> };

/** `length`: the answer hit its output limit. `content_filter`: the provider withheld it. */
export const FINISH_REASONS = ["stop", "tool_calls", "length", "content_filter", "other"] as const;
export type FinishReason = (typeof FINISH_REASONS)[number];

/** A file that the prompt names, as it was stored. */
export type PromptFile = { mediaType: string; bytes: Uint8Array };

export type ModelRequest = {
  /** Sections of the system prompt, in order; a stable prefix keeps the provider's cache warm. */
  system: string[];
  messages: readonly PromptMessage[];
  tools: ToolSpec[];
  /** By id; one that is not here is gone. */
  files?: ReadonlyMap<string, PromptFile>;
  /** Overrides the model config's. */
  reasoningEffort?: ReasoningEffort;
};

/** `retryAfterMs`: what the provider asked to wait at least; null when it did not say. */
export type ModelFailure = { error: ChatError; retryAfterMs: number | null };

/** What a call had produced when it ended early: never replayed as an answer, kept when a person interrupts. */
export type PartialAnswer = {
  /** Text, reasoning and calls so far; a call whose arguments were cut has their raw text as `args`. */
  parts: StoredPart[];
  /** What the provider had reported; it is paid for. Null: nothing. */
  usage: Usage | null;
};

/** What a piece of an answer adds on the screen. */
export type ModelPart = Exclude<LivePart, { type: "tool-result" }>;

export type ModelEnd =
  | { type: "finish"; parts: StoredPart[]; finishReason: FinishReason; usage: Usage | null }
  | ({ type: "failure"; failure: ModelFailure } & PartialAnswer)
  | ({ type: "aborted" } & PartialAnswer);

export type StreamOptions = {
  /** Called at once with each part, never after the end. What it throws would be the call's failure. */
  onPart: (part: ModelPart) => void;
  signal: AbortSignal;
};

export type ModelPort = {
  /** For messages: `anthropic`, `openai`, … */
  readonly provider: string;
  readonly model: string;
  /** Never throws and always ends: failure is an end too. Silence is a failure (`stream_silence`). */
  stream(request: ModelRequest, options: StreamOptions): Promise<ModelEnd>;
};

/** What a step starts from. */
export type TurnInput = {
  system: string[];
  /** The prompt query's rows in id order. */
  messages: readonly PromptMessage[];
  /** Calls of the last assistant row without a result: another runner asked for them. */
  unansweredCalls: ToolCall[];
  /** Failed attempts since the last committed step, also of earlier runners. */
  failedAttempts: number;
  /** Committed model steps since the person's last message, and milliseconds of work. */
  turnSteps: number;
  turnRuntimeMs: number;
  /** Compactions in a row, each of which the next step undid. */
  compactionCount: number;
  /** A person asked for a compaction, and for nothing after it. */
  isCompactionRequested: boolean;
  /** The call id that a compaction would have now. */
  summaryCallId: string;
  reasoningEffort?: ReasoningEffort;
};

export type Answer = { parts: StoredPart[]; usage: Usage | null; finishReason: FinishReason; runtimeMs: number };

/** A failed attempt that will be repeated: what the person sees while waiting, and what it cost. */
export type FailedAttempt = {
  /** The attempt that failed, from 1, since the last committed step. */
  attempt: number;
  purpose: CallPurpose;
  error: ChatError;
  usage: Usage | null;
  /** Parts of an answer that are on screen and a stop keeps. */
  said: StoredPart[];
  delayMs: number;
  /** Milliseconds since the epoch, by the loop's clock. */
  retryingAt: number;
};

/** A summary that takes the place of what the model saw so far. */
export type NewSummary = {
  summary: string;
  source: CompactionSource;
  /** Of the prompt before it. */
  tokens: number;
  bounds: ContextBounds;
  /** The turn ends in the same transaction. */
  isTurnOver: boolean;
  /** The call that wrote it. */
  answer: Answer;
};

/**
 * What must last. Each method is one transaction, fenced by the runner: when the lease is lost it throws, the loop
 * lets that through and does nothing more.
 */
export type Store = {
  /** Read before every step; an implementation may keep rows it has and read only newer ones. */
  load(): Promise<TurnInput>;
  /**
   * A model call is about to start: live parts from now on belong to a new episode, and a shown retry is over. `said`:
   * what an attempt before it left on screen and a stop keeps.
   */
  beginAttempt(said: StoredPart[]): Promise<void>;
  /** The attempt failed and waits: retry state for the viewers, a record of what it cost. */
  recordAttempt(attempt: FailedAttempt): Promise<void>;
  /**
   * The assistant row with its calls, usage and cost, before any of them runs. Returns its calls as stored, in call
   * order; ids are unique within the chat. Live parts from now on are results.
   */
  commitAnswer(answer: Answer): Promise<{ toolCalls: ToolCall[] }>;
  /** All results of the step, in call order, and what waits to be steered in. `reason` to stop is the store's. */
  commitResults(results: ToolResult[]): Promise<{ action: "continue" | "stop" }>;
  /** A call of the step waits for somebody outside. The results of the others are kept until the step is whole. */
  pause(pause: { reason: PauseReason; results: ToolResult[] }): Promise<void>;
  /** The summary with its visible pair and the cost of its call. The next `load` reads the prompt anew. */
  commitCompaction(summary: NewSummary): Promise<void>;
  /** The turn is over; an answer without calls is committed in the same transaction. */
  finishTurn(answer?: Answer): Promise<void>;
  /**
   * The turn ends in an error; `usage` is what the failed call cost, null when none was made. `said`: what its attempts
   * left on screen; a stop that is ahead of the failure keeps it.
   */
  fail(failure: { error: ChatError; usage: Usage | null; said?: StoredPart[]; purpose?: CallPurpose }): Promise<void>;
};

export type ToolRunOptions = {
  signal: AbortSignal;
  /** Another runner may have started this call: adopt its outcome, do not do it twice. */
  adopt: boolean;
  /** Live output for the viewers. */
  onOutput: (delta: string) => void;
};

export type ToolPort = {
  /** Sorted by name, the same for the whole turn. */
  specs(): ToolSpec[];
  /** Unknown names and bad arguments are outcomes with `is_error`. Rejects when aborted; the loop turns any other throw into an error outcome. */
  run(call: ToolCall, options: ToolRunOptions): Promise<ToolOutcome>;
  /** Why the chat waits for the result of this call; null for one that is to be run. */
  pauseFor(call: ToolCall): PauseReason | null;
};

/** Live parts for the viewers. Must not throw and must not wait. */
export type Emit = (role: "assistant" | "tool", part: LivePart) => void;

export type TurnLimits = {
  /** Steps of one turn; the turn then ends in an error that says so. */
  maxSteps: number;
  /** Milliseconds of work in one turn; waiting for a person or a server does not count. */
  maxRuntimeMs: number;
  /** Attempts at one step, the first included. */
  maxAttempts: number;
};

/** How a turn ended. Thrown errors of the store come through as they are. */
export type TurnEnd =
  | { outcome: "finished" }
  /** The store kept the work but wants no next step now (a pause). */
  | { outcome: "stopped" }
  | { outcome: "failed"; error: ChatError }
  /** Nothing of this was committed: whoever ends the turn keeps or drops it. */
  | {
      outcome: "aborted";
      reason: AbortReason;
      /** While a model call was running: what it had produced and cost. */
      partial: PartialAnswer | null;
      /** While tools were running: the results that had come, in call order. */
      results: ToolResult[];
    };

/** What a turn works with. */
export type RunTurn = {
  store: Store;
  model: ModelPort;
  tools: ToolPort;
  clock: Clock;
  random: () => number;
  /** Of the model. */
  context: ContextBounds;
  /** Its reason is one of `ABORT_REASONS`. */
  signal: AbortSignal;
  emit: Emit;
  limits?: TurnLimits;
};

export type BoundedTurn = RunTurn & { limits: TurnLimits };
