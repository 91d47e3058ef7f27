/** Ports for the agent loop that keep everything in memory and write down, in order, what the loop asked of them. */
import { isFirstStepAfterSummary, tokensAfterCall } from "@/lib/agent/context-use";
import { runTurn } from "@/lib/agent/loop";
import type {
  ContextBounds,
  ModelFailure,
  ModelPort,
  ModelRequest,
  PromptMessage,
  Store,
  ToolCall,
  ToolPort,
  TurnEnd,
  TurnInput,
  TurnLimits,
} from "@/lib/agent/types";
import type { LivePart } from "@/lib/contract/events";
import type { StoredPart, Usage } from "@/lib/contract/messages";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import { createFakeClock } from "./fake-clock";
import type { ModelEvent } from "./model-events";

export const USAGE: Usage = {
  input_tokens: 10,
  output_tokens: 5,
  reasoning_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
};

export const toolCall = (id: string, name = "work", args: unknown = {}): ToolCall => ({
  type: "tool-call",
  tool_call_id: id,
  tool_name: name,
  args,
});

const text = (words: string): StoredPart => ({ type: "text", text: words });

export const failure = (
  change: Partial<ModelFailure["error"]> = {},
  retryAfterMs: number | null = null,
): ModelFailure => ({
  error: {
    kind: "overloaded",
    message: "Overloaded.",
    provider: "scripted",
    status_code: 529,
    retryable: true,
    detail: null,
    ...change,
  },
  retryAfterMs,
});

/** What the scripted model does at one call. */
export const says = {
  text: (words: string): ModelEvent[] => [
    { type: "part", part: { type: "text", delta: words } },
    { type: "finish", parts: [text(words)], finishReason: "stop", usage: USAGE },
  ],
  calls: (...calls: ToolCall[]): ModelEvent[] => [
    { type: "finish", parts: calls, finishReason: "tool_calls", usage: USAGE },
  ],
  fails: (reason: ModelFailure = failure(), parts: StoredPart[] = []): ModelEvent[] => [
    ...(parts.length > 0 ? [{ type: "part" as const, part: { type: "text" as const, delta: "par" } }] : []),
    { type: "failure", failure: reason, parts, usage: USAGE },
  ],
};

export type ScriptedTurn = {
  /** A step a call; a function runs while the call is being made. */
  model: (ModelEvent[] | ((signal: AbortSignal) => AsyncIterable<ModelEvent>))[];
  /** Absent: every tool answers with its own call id. */
  tool?: ToolPort["run"];
  pauseFor?: ToolPort["pauseFor"];
  messages?: PromptMessage[];
  unansweredCalls?: ToolCall[];
  failedAttempts?: number;
  random?: () => number;
  limits?: TurnLimits;
  context?: ContextBounds;
  /** Of the turn so far, and what a person asked for. */
  input?: Partial<TurnInput>;
  /** Runs before the store does the named thing; throwing there is the store throwing. */
  before?: (what: string) => void;
  stopAfterResults?: boolean;
};

/** Starts a turn; `log` grows as it goes. */
export function startTurn(script: ScriptedTurn) {
  const log: unknown[][] = [];
  const requests: ModelRequest[] = [];
  const emitted: [string, LivePart][] = [];
  const clock = createFakeClock();
  const stop = new AbortController();
  const store = createStore(script, log);
  const model: ModelPort = {
    provider: "scripted",
    model: "scripted-1",
    async stream(request, { onPart, signal }) {
      requests.push(structuredClone(request));
      const step = script.model[requests.length - 1];
      if (!step) throw new Error(`The script has no step ${requests.length}.`);
      for await (const event of typeof step === "function" ? step(signal) : step) {
        if (event.type !== "part") return event;
        onPart(event.part);
      }
      throw new Error(`Step ${requests.length} of the script has no end.`);
    },
  };
  const answerWithId = async (call: ToolCall): Promise<ToolOutcome> => ({ result: call.tool_call_id, is_error: false });
  const tools: ToolPort = {
    specs: () => [],
    run: script.tool ?? answerWithId,
    pauseFor: script.pauseFor ?? (() => null),
  };
  const ended: Promise<TurnEnd> = runTurn({
    store,
    model,
    tools,
    context: script.context ?? { limitTokens: 200_000, thresholdPercent: 70 },
    clock,
    random: script.random ?? (() => 0.5),
    signal: stop.signal,
    emit: (role, part) => emitted.push([role, part]),
    ...(script.limits && { limits: script.limits }),
  });
  return { ended, log, requests, emitted, clock, stop };
}

function createStore(script: ScriptedTurn, log: unknown[][]): Store {
  const messages: PromptMessage[] = [...(script.messages ?? [{ role: "user", parts: [text("go")] }])];
  let unansweredCalls = script.unansweredCalls ?? [];
  let compactionCount = 0;
  let isCompactionRequested = script.input?.isCompactionRequested ?? false;
  let turnSteps = script.input?.turnSteps ?? 0;
  let failedAttempts = script.failedAttempts ?? 0;
  const write = (...entry: unknown[]) => {
    script.before?.(String(entry[0]));
    log.push(entry);
  };
  return {
    load: async () => {
      write("load");
      return {
        system: ["system"],
        messages: [...messages],
        unansweredCalls,
        failedAttempts,
        turnSteps,
        turnRuntimeMs: script.input?.turnRuntimeMs ?? 0,
        compactionCount,
        isCompactionRequested,
        summaryCallId: "summary",
      };
    },
    beginAttempt: async (said) => write("beginAttempt", ...(said.length > 0 ? [said] : [])),
    recordAttempt: async ({ attempt, purpose, error, delayMs, retryingAt, usage, said }) => {
      failedAttempts = attempt;
      write("recordAttempt", {
        attempt,
        ...(purpose === "compaction" && { purpose }),
        kind: error.kind,
        delayMs,
        retryingAt,
        usage,
        ...(said.length > 0 && { said }),
      });
    },
    commitAnswer: async ({ parts, usage, finishReason }) => {
      write("commitAnswer", { parts, usage, finishReason });
      failedAttempts = 0;
      messages.push({ role: "assistant", parts, tokensAfter: tokensAfterCall(usage) });
      turnSteps += 1;
      return { toolCalls: parts.filter((part) => part.type === "tool-call") };
    },
    commitResults: async (results) => {
      write(
        "commitResults",
        results.map(({ tool_call_id, result, is_error }) => ({ tool_call_id, result, is_error })),
      );
      messages.push({ role: "tool", parts: results });
      unansweredCalls = [];
      return { action: script.stopAfterResults ? "stop" : "continue" };
    },
    pause: async ({ reason, results }) => write("pause", { reason, results: results.map((each) => each.tool_call_id) }),
    commitCompaction: async ({ summary, source, tokens, isTurnOver }) => {
      write("commitCompaction", { summary, source, tokens, isTurnOver });
      compactionCount = isFirstStepAfterSummary(messages) ? compactionCount + 1 : 1;
      isCompactionRequested = false;
      const last = messages.findLastIndex(({ role }) => role === "assistant" || role === "tool");
      messages.splice(0, last + 1, { role: "user", parts: [text(summary)], isSummary: true });
    },
    finishTurn: async (last) => {
      if (!last) return write("finishTurn");
      const { parts, usage, finishReason } = last;
      write("finishTurn", { parts, usage, finishReason });
    },
    fail: async ({ error, usage }) => write("fail", { kind: error.kind, usage }),
  };
}
