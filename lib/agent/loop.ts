/**
 * One turn: ask the model, commit its answer, run its calls, commit their results, again until it is done.
 * Decides nothing about storage, providers or sandboxes: those are ports, and they do the I/O.
 */
import type { ChatError } from "@/lib/contract/chats";
import { type Ask, askModel } from "./ask-model";
import { compact } from "./compact";
import {
  contextTokens,
  decideCompaction,
  estimateTokens,
  hasHistory,
  isOverThreshold,
  tokensAfterCall,
} from "./context-use";
import { createLoopQuestion } from "./loop-question";
import { findRepetition } from "./repetition";
import { runCalls } from "./run-calls";
import { splitCalls } from "./split-calls";
import { contentFilterError, loopError, overflowError, stepLimitError, timeLimitError } from "./turn-errors";
import {
  ABORT_REASONS,
  type AbortReason,
  type Answer,
  type BoundedTurn,
  type CompactionSource,
  type RunTurn,
  type Store,
  type ToolCall,
  type TurnEnd,
  type TurnInput,
  type TurnLimits,
} from "./types";

/**
 * 1,200 steps and 8 hours of work: far beyond a task that gets anywhere. 25 attempts: about 20 minutes of a provider
 * being away.
 */
export const DEFAULT_LIMITS: TurnLimits = { maxSteps: 1_200, maxRuntimeMs: 8 * 3_600_000, maxAttempts: 25 };

type Aborted = Extract<TurnEnd, { outcome: "aborted" }>;
/** What a step leads to: the end of the turn, calls to run, or another look at the prompt. */
type Phase = TurnEnd | { outcome: "calls"; calls: ToolCall[] } | { outcome: "again"; wasTooLong: boolean };

/** Runs a chat until it is done, fails or is stopped. What the store throws comes through; nothing is done after it. */
export async function runTurn(given: RunTurn): Promise<TurnEnd> {
  const options: BoundedTurn = { ...given, limits: given.limits ?? DEFAULT_LIMITS };
  const { store, signal } = options;
  /** The provider refused the prompt as too long, and no step has succeeded since. */
  let wasTooLong = false;
  for (;;) {
    if (signal.aborted) return aborted(signal);
    const input = await store.load();
    const adopt = input.unansweredCalls.length > 0;
    const phase: Phase = adopt
      ? { outcome: "calls", calls: input.unansweredCalls }
      : await takeStep(options, { input, wasTooLong });
    if (phase.outcome === "again") {
      wasTooLong ||= phase.wasTooLong;
      continue;
    }
    if (phase.outcome !== "calls") return phase;
    wasTooLong = false;
    const { running, reason } = splitCalls(phase.calls, options.tools);
    const { complete, results } = await runCalls({ ...options, calls: running, adopt });
    if (!complete) return aborted(signal, { results });
    if (reason) {
      await store.pause({ reason, results });
      return { outcome: "stopped" };
    }
    const { action } = await store.commitResults(results);
    if (action === "stop") return { outcome: "stopped" };
  }
}

type Step = { input: TurnInput; wasTooLong: boolean };

/** Compacts, ends the turn, or asks the model: whatever the prompt calls for. */
async function takeStep(options: BoundedTurn, step: Step): Promise<Phase> {
  const { store, tools, context: bounds } = options;
  const { system, messages, isCompactionRequested, compactionCount } = step.input;
  const isTurnOver = isAnswered(step.input);
  const tokens = contextTokens({ system, messages, tools: tools.specs() });
  if (isCompactionRequested) {
    if (!hasHistory(messages)) return finish(store);
    return replaceContext(options, { ...step, source: "manual", tokens, isTurnOver: true });
  }
  const decision = decideCompaction({ messages, tokens, bounds, compactionCount });
  if (decision === "compact") return replaceContext(options, { ...step, source: "automatic", tokens, isTurnOver });
  if (isTurnOver) return finish(store);
  const error = decision === "overflow" ? overflowError() : limitReached(step.input, options.limits);
  if (error) return fail(store, { error, usage: null });
  const repeated = findRepetition(messages);
  if (repeated) return endCircle(options, repeated);
  return answerPrompt(options, { ...step, tokens });
}

/** Whether the last row already is the answer: an earlier runner committed it and did not live to end the turn. */
const isAnswered = ({ messages }: TurnInput): boolean => messages.at(-1)?.role === "assistant";

function limitReached({ turnSteps, turnRuntimeMs }: TurnInput, limits: TurnLimits): ChatError | null {
  if (turnSteps >= limits.maxSteps) return stepLimitError(limits);
  return turnRuntimeMs >= limits.maxRuntimeMs ? timeLimitError(limits) : null;
}

/** Asks the person how to go on, in the model's place and without asking it; where nobody can be asked the turn fails. */
async function endCircle({ store, tools }: BoundedTurn, toolNames: readonly string[]): Promise<Phase> {
  const question = createLoopQuestion(toolNames);
  if (tools.pauseFor(question) === null) return fail(store, { error: loopError(toolNames), usage: null });
  const { toolCalls: calls } = await store.commitAnswer({
    parts: [question],
    usage: null,
    finishReason: "tool_calls",
    runtimeMs: 0,
  });
  return { outcome: "calls", calls };
}

/** One model step. The answer is committed before its calls run, with the end of the turn when it has none. */
async function answerPrompt(
  options: BoundedTurn,
  { input, wasTooLong, tokens }: Step & { tokens: number },
): Promise<Phase> {
  const { store, model, tools, emit, signal, context } = options;
  const { system, messages, reasoningEffort, failedAttempts } = input;
  const request = { system, messages, tools: tools.specs(), ...(reasoningEffort && { reasoningEffort }) };
  const onPart: Ask["onPart"] = (part) => emit("assistant", part);
  const asked = await askModel(options, { request, purpose: "step", failedAttempts, onPart });
  if (asked.type === "aborted") return aborted(signal, { partial: asked.partial });
  if (asked.type === "failed") {
    const { failure, usage, said } = asked;
    if (failure.error.kind !== "context_overflow" || wasTooLong || !hasHistory(messages)) {
      return fail(store, { error: failure.error, usage, said });
    }
    return replaceContext(options, { input, source: "automatic", tokens, isTurnOver: false, wasTooLong: true });
  }
  const { answer } = asked;
  const refusal = answer.finishReason === "content_filter" ? contentFilterError(model) : null;
  if (refusal && answer.parts.length === 0) return fail(store, { error: refusal, usage: answer.usage });

  const isLast = !refusal && answer.parts.every((part) => part.type !== "tool-call");
  const tokensAfter = tokensAfterCall(answer.usage) ?? tokens + estimateTokens(answer.parts);
  if (isLast && !isOverThreshold(tokensAfter, context)) return finish(store, answer);
  const { toolCalls: calls } = await store.commitAnswer(answer);
  if (calls.length > 0) return { outcome: "calls", calls };
  return refusal ? fail(store, { error: refusal, usage: null }) : { outcome: "again", wasTooLong: false };
}

type Replace = Step & { source: CompactionSource; tokens: number; isTurnOver: boolean };

/** Compacts. A turn whose work is done does not fail because its summary did. */
async function replaceContext(options: BoundedTurn, replace: Replace): Promise<Phase> {
  const { store, signal } = options;
  const { isTurnOver, source, wasTooLong: isTooLong } = replace;
  const compacted = await compact(options, { ...replace, isTooLong });
  switch (compacted.type) {
    case "done":
      return isTurnOver ? { outcome: "finished" } : { outcome: "again", wasTooLong: isTooLong };
    case "aborted":
      return aborted(signal, { partial: compacted.partial });
    case "failed":
      if (isTurnOver && source === "automatic") return finish(store);
      return fail(store, { error: compacted.failure.error, usage: compacted.usage, purpose: "compaction" });
  }
}

async function finish(store: Store, answer?: Answer): Promise<TurnEnd> {
  await store.finishTurn(answer);
  return { outcome: "finished" };
}

async function fail(store: Store, failure: Parameters<Store["fail"]>[0]): Promise<TurnEnd> {
  await store.fail(failure);
  return { outcome: "failed", error: failure.error };
}

const aborted = (signal: AbortSignal, kept: Partial<Pick<Aborted, "partial" | "results">> = {}): Aborted => ({
  outcome: "aborted",
  reason: abortReason(signal),
  partial: null,
  results: [],
  ...kept,
});

/** Why the signal was aborted. An unknown reason counts as a shutdown: the chat is requeued, nothing is lost. */
export function abortReason(signal: AbortSignal): AbortReason {
  return ABORT_REASONS.find((reason) => reason === signal.reason) ?? "shutdown";
}
