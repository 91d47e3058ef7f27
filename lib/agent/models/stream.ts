/** Runs one model call over the AI SDK's provider model: parts out, then an end, never a throw. Repeats nothing. */
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { TypeValidationError } from "@ai-sdk/provider";
import type { Clock } from "@/lib/clock";
import type { FinishReason, ModelEnd, ModelFailure, StreamOptions } from "../types";
import { type Answer, acceptStreamPart, answerParts, createAnswer } from "./answer";
import type { EventReader } from "./event-stream";
import { StreamFailure } from "./failure-signal";
import { type Dialect, normalizeUsage } from "./usage";

export type StreamModel = StreamOptions & {
  /** Made when the call starts: what is wrong with the settings is then a failure like any other. */
  prepare: () => { model: LanguageModelV4; callOptions: LanguageModelV4CallOptions };
  dialect: Dialect;
  /** A provider type, kept with reasoning parts. */
  provider: string;
  clock: Clock;
  newToolCallId: () => string;
  /** No event for this long ends the call. */
  silenceMs: number;
  describe: (error: unknown) => ModelFailure;
};

export async function streamModel(options: StreamModel): Promise<ModelEnd> {
  const { provider, clock, newToolCallId, signal, describe } = options;
  const answer = createAnswer({ provider, clock, newToolCallId });
  const watch = watchCall(options);
  try {
    const end = await readAnswer(options, answer, watch);
    return signal.aborted ? partialEnd("aborted", answer) : end;
  } catch (error) {
    if (signal.aborted) return partialEnd("aborted", answer);
    const cause = watch.isSilent() ? silence(options.silenceMs) : error;
    return { ...partialEnd("failure", answer), failure: describe(cause) };
  } finally {
    watch.close();
  }
}

type Part = LanguageModelV4StreamPart;
/** Of the platform's streams, or of ours, which have many parts at once. */
type Reader = ReadableStreamDefaultReader<Part> & Partial<Pick<EventReader<Part>, "readNow">>;

async function readAnswer(options: StreamModel, answer: Answer, watch: Watch): Promise<ModelEnd> {
  const { model, callOptions } = options.prepare();
  const { stream } = await model.doStream({ ...callOptions, abortSignal: watch.signal });
  const reader: Reader = stream.getReader();
  watch.signal.addEventListener("abort", () => void reader.cancel().catch(ignore), { once: true });
  for (;;) {
    const { done, value } = reader.readNow?.() ?? (await reader.read());
    watch.heard();
    if (done)
      throw watch.signal.aborted ? stopped() : new StreamFailure("cut", "The answer ended before it was whole.");
    if (value.type === "error") {
      if (isUnknownEvent(value.error)) continue;
      throw value.error;
    }
    if (value.type === "finish") {
      const end = finishEnd({ part: value, answer, dialect: options.dialect });
      watch.drain(reader);
      return end;
    }
    const part = acceptStreamPart(answer, value);
    if (part) options.onPart(part);
  }
}

/** Anthropic adds event types without notice and asks clients to pass over them (docs "Streaming", 2026-01). */
const isUnknownEvent = (error: unknown): boolean =>
  TypeValidationError.isInstance(error) &&
  typeof error.value === "object" &&
  error.value !== null &&
  "type" in error.value &&
  !("error" in error.value);

type Finish = { part: Extract<LanguageModelV4StreamPart, { type: "finish" }>; answer: Answer; dialect: Dialect };

function finishEnd({ part, answer, dialect }: Finish): ModelEnd {
  const usage = normalizeUsage(dialect, part.usage);
  const { unified } = part.finishReason;
  // What some of the packages make of a stream that ended without a reason.
  const isUnsaid = unified === "other" && part.finishReason.raw === undefined;
  if (unified === "error" || unified === "interrupted" || isUnsaid) {
    answer.usageSoFar = usage ?? answer.usageSoFar;
    throw new StreamFailure("cut", "The answer broke off.");
  }
  return { type: "finish", parts: answerParts(answer), finishReason: FINISH_REASONS[unified], usage };
}

const FINISH_REASONS = {
  stop: "stop",
  "tool-calls": "tool_calls",
  length: "length",
  "content-filter": "content_filter",
  other: "other",
} satisfies Record<string, FinishReason>;

const partialEnd = <T extends "aborted" | "failure">(type: T, answer: Answer) => ({
  type,
  parts: answerParts(answer),
  usage: answer.usageSoFar,
});

type Watch = {
  /** Aborted when the caller aborts, when it is silent for too long, and when it ends before it was whole. */
  signal: AbortSignal;
  heard(): void;
  isSilent(): boolean;
  /** The answer is whole: what is left of the stream is read away, so that its connection can be used again. */
  drain(rest: ReadableStreamDefaultReader<unknown>): void;
  close(): void;
};

/** After its last event a provider closes the body at once; one that does not loses the connection. */
const DRAIN_MS = 1_000;

/** One timer for the whole call: it looks at the time of the last event instead of being set anew by each. */
function watchCall({ clock, silenceMs, signal }: StreamModel): Watch {
  const connection = new AbortController();
  const timer = new AbortController();
  // Without a reason: providers wrap a reason they do not know into an error of their own.
  const stop = () => connection.abort();
  let heardAt = clock.now();
  let silent = false;
  let draining = false;
  const waitForSilence = async () => {
    for (;;) {
      const remainingMs = heardAt + silenceMs - clock.now();
      if (remainingMs <= 0) break;
      await clock.sleep(remainingMs, timer.signal);
    }
    silent = true;
    stop();
  };
  const drain = async (rest: ReadableStreamDefaultReader<unknown>) => {
    const drained = new AbortController();
    clock.sleep(DRAIN_MS, drained.signal).then(stop, ignore);
    while (!(await rest.read()).done);
    drained.abort(ENDED);
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  waitForSilence().catch(ignore);
  return {
    signal: connection.signal,
    heard: () => {
      heardAt = clock.now();
    },
    isSilent: () => silent,
    drain: (rest) => {
      draining = true;
      drain(rest).catch(ignore);
    },
    close: () => {
      signal.removeEventListener("abort", stop);
      timer.abort(ENDED);
      if (!draining) stop();
    },
  };
}

/** Given as a reason, since without one every abort builds an error with its stack. */
const ENDED = "ended";

const silence = (silenceMs: number) =>
  new StreamFailure("silence", `No event came from the model for ${Math.round(silenceMs / 1_000)} seconds.`);

const stopped = () => new Error("The call was stopped.");

const ignore = () => undefined;
