/**
 * One turn: ask the model, commit its answer, run its calls, commit their results, again until it is done.
 * Decides nothing about storage, providers or sandboxes: those are ports, and they do the I/O.
 */
import type { Clock } from "@/lib/clock";
import type { ChatError } from "@/lib/contract/chats";
import { retryDelayMs } from "./retry";
import { runCalls } from "./run-calls";
import { splitCalls } from "./split-calls";
import {
  ABORT_REASONS,
  type AbortReason,
  type Answer,
  type Emit,
  type ModelEvent,
  type ModelPort,
  type Store,
  type ToolPort,
  type TurnEnd,
  type TurnInput,
  type TurnLimits,
} from "./types";

/** 1,200 steps: far beyond a task that gets anywhere. 25 attempts: about 20 minutes of a provider being away. */
export const DEFAULT_LIMITS: TurnLimits = { maxSteps: 1_200, maxAttempts: 25 };

export type RunTurn = {
  store: Store;
  model: ModelPort;
  tools: ToolPort;
  clock: Clock;
  random: () => number;
  /** Its reason is one of `ABORT_REASONS`. */
  signal: AbortSignal;
  emit: Emit;
  limits?: TurnLimits;
};

type Aborted = Extract<TurnEnd, { outcome: "aborted" }>;

/** Runs a chat until it is done, fails or is stopped. What the store throws comes through; nothing is done after it. */
export async function runTurn(options: RunTurn): Promise<TurnEnd> {
  const { store, model, tools, signal, limits = DEFAULT_LIMITS } = options;
  for (let steps = 0; ; steps++) {
    if (signal.aborted) return aborted(signal);
    const input = await store.load();

    let calls = input.unansweredCalls;
    const adopt = calls.length > 0;
    if (!adopt) {
      if (isAnswered(input) || steps >= limits.maxSteps) break;
      const answer = await askModel(options, input);
      if ("outcome" in answer) return answer;
      const refusal = answer.finishReason === "content_filter" ? contentFilterError(model) : null;
      if (refusal && answer.parts.length === 0) return fail(store, { error: refusal, usage: answer.usage });

      const isLast = !refusal && answer.parts.every((part) => part.type !== "tool-call");
      if (isLast) return finish(store, answer);
      calls = (await store.commitAnswer(answer)).toolCalls;
      if (refusal && calls.length === 0) return fail(store, { error: refusal, usage: null });
    }

    const { running, reason } = splitCalls(calls, tools);
    const { complete, results } = await runCalls({ ...options, calls: running, adopt });
    if (!complete) return aborted(signal, { results });
    if (reason) {
      await store.pause({ reason, results });
      return { outcome: "stopped" };
    }
    const { action } = await store.commitResults(results);
    if (action === "stop") return { outcome: "stopped" };
  }
  return finish(store);
}

async function finish(store: Store, answer?: Answer): Promise<TurnEnd> {
  await store.finishTurn(answer);
  return { outcome: "finished" };
}

/** Whether the last row already is the answer: an earlier runner committed it and did not live to end the turn. */
const isAnswered = ({ messages }: TurnInput): boolean => messages.at(-1)?.role === "assistant";

/** One model step with its retries. A failed attempt leaves nothing behind but its record. */
async function askModel(options: RunTurn, input: TurnInput): Promise<Answer | TurnEnd> {
  const { store, clock, random, signal, limits = DEFAULT_LIMITS } = options;
  let failedAttempts = input.failedAttempts;
  for (;;) {
    await store.beginAttempt();
    const startedAt = clock.now();
    const end = await streamAnswer(options, input);
    // An answer that is complete when the stop arrives is kept as what was produced so far.
    if (signal.aborted) return aborted(signal, { partial: { parts: end.parts, usage: end.usage } });
    if (end.type === "finish") {
      const { parts, usage, finishReason } = end;
      return { parts, usage, finishReason, runtimeMs: Math.round(clock.now() - startedAt) };
    }
    if (end.type === "aborted") throw new Error("The model port reported an abort although nobody asked for one.");

    const { error } = end.failure;
    failedAttempts += 1;
    const delayMs = retryDelayMs({ failure: end.failure, failedAttempts, random, limits });
    if (delayMs === null) return fail(store, { error, usage: end.usage });
    const retryingAt = clock.now() + delayMs;
    await store.recordAttempt({ attempt: failedAttempts, error, usage: end.usage, delayMs, retryingAt });
    const waited = await clock.sleep(delayMs, signal).then(
      () => true,
      () => false,
    );
    if (!waited) return aborted(signal);
  }
}

async function streamAnswer({ model, tools, signal, emit }: RunTurn, input: TurnInput) {
  const { system, messages, reasoningEffort } = input;
  const request = { system, messages, tools: tools.specs(), ...(reasoningEffort && { reasoningEffort }) };
  let end: Exclude<ModelEvent, { type: "part" }> | undefined;
  for await (const event of model.stream(request, signal)) {
    if (event.type !== "part") end = event;
    else if (!signal.aborted) emit("assistant", event.part);
  }
  if (!end) throw new Error(`The model port for ${model.provider} ended without saying how.`);
  return end;
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

const contentFilterError = (model: ModelPort): ChatError => ({
  kind: "content_filter",
  message:
    "The provider withheld the answer: its content filter stopped the model. Rephrase the request or use another model.",
  provider: model.provider,
  status_code: null,
  retryable: false,
  detail: null,
});
