/** Why a turn ends in an error that no provider reported, in words for the person. Pure. */
import type { ChatError, FailureKind } from "@/lib/contract/chats";
import { MAX_COMPACTIONS_IN_A_ROW } from "./context-use";
import type { ModelPort, TurnLimits } from "./types";

const turnError = (kind: FailureKind, message: string, provider: string | null = null): ChatError => ({
  kind,
  message,
  provider,
  status_code: null,
  retryable: false,
  detail: null,
});

export const contentFilterError = ({ provider }: ModelPort): ChatError =>
  turnError(
    "content_filter",
    "The provider withheld the answer: its content filter stopped the model. Rephrase the request or use another model.",
    provider,
  );

export const overflowError = (): ChatError =>
  turnError(
    "context_overflow",
    `The context was compacted ${MAX_COMPACTIONS_IN_A_ROW} times in a row and is still too full to go on. Use a model with a larger context, raise its threshold, or clear the context.`,
  );

export const stepLimitError = ({ maxSteps }: TurnLimits): ChatError =>
  turnError(
    "turn_limit",
    `This turn reached ${maxSteps.toLocaleString("en")} steps and was stopped. Look at what it has done, then send a message to go on.`,
  );

export const timeLimitError = ({ maxRuntimeMs }: TurnLimits): ChatError =>
  turnError(
    "turn_limit",
    `This turn worked for ${formatHours(maxRuntimeMs)} and was stopped. Look at what it has done, then send a message to go on.`,
  );

export const loopError = (toolNames: readonly string[]): ChatError =>
  turnError(
    "loop",
    `The agent repeats itself: ${toolNames.join(", ")} gave the same result to the same arguments again and again. Tell it how to go on.`,
  );

function formatHours(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours < 1) return `${Math.round(ms / 60_000)} minutes`;
  return hours === 1 ? "an hour" : `${Number(hours.toFixed(1))} hours`;
}
