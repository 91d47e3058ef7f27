/** One model call with its retries. A failed attempt leaves nothing behind but its record; commits no answer. */

import type { StoredPart, Usage } from "@/lib/contract/messages";
import { retryDelayMs } from "./retry";
import type { Answer, BoundedTurn, CallPurpose, ModelFailure, ModelPart, ModelRequest, PartialAnswer } from "./types";

export type Asked =
  | { type: "answer"; answer: Answer }
  /** No attempt is left, or none would help. */
  | { type: "failed"; failure: ModelFailure; usage: Usage | null; said: StoredPart[] }
  /** The signal was aborted; what was said until then. Null: nothing, and no call was running. */
  | { type: "aborted"; partial: PartialAnswer | null };

export type Ask = {
  request: ModelRequest;
  purpose: CallPurpose;
  failedAttempts: number;
  onPart: (part: ModelPart) => void;
};

/** A provider that does not say what its answer used: it was paid all the same, and its cost is unknown rather than nothing. */
const UNREPORTED: Usage = {
  input_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
};

/** Asks until there is an answer, the attempts are used up, or the signal is aborted. */
export async function askModel(options: BoundedTurn, ask: Ask): Promise<Asked> {
  const { store, model, clock, random, signal, limits } = options;
  const onPart = (part: ModelPart) => {
    if (!signal.aborted) ask.onPart(part);
  };
  let { failedAttempts } = ask;
  /**
   * Of the latest attempt that said anything: it stays on screen until the next one does, so a stop keeps it. A summary
   * is no answer.
   */
  let said: StoredPart[] = [];
  for (;;) {
    await store.beginAttempt(said);
    const startedAt = clock.now();
    const end = await model.stream(ask.request, { onPart, signal });
    // An answer that is complete when the stop arrives is kept as what was produced so far.
    if (end.parts.length > 0 && ask.purpose === "step") said = end.parts;
    if (signal.aborted) return { type: "aborted", partial: { parts: said, usage: end.usage } };
    if (end.type === "finish") {
      const { parts, usage, finishReason } = end;
      const runtimeMs = Math.round(clock.now() - startedAt);
      return { type: "answer", answer: { parts, usage: usage ?? UNREPORTED, finishReason, runtimeMs } };
    }
    if (end.type === "aborted") throw new Error("The model port reported an abort although nobody asked for one.");

    const { failure, usage } = end;
    failedAttempts += 1;
    const delayMs = retryDelayMs({ failure, failedAttempts, random, limits });
    if (delayMs === null) return { type: "failed", failure, usage, said };
    const retryingAt = clock.now() + delayMs;
    const { error } = failure;
    const { purpose } = ask;
    await store.recordAttempt({ attempt: failedAttempts, purpose, error, usage, said, delayMs, retryingAt });
    const waited = await clock.sleep(delayMs, signal).then(
      () => true,
      () => false,
    );
    if (!waited) return { type: "aborted", partial: said.length > 0 ? { parts: said, usage: null } : null };
  }
}
