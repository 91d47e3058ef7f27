/**
 * Compaction of one chat: the model writes a summary, the store puts it in the place of what it replaces.
 * Decides neither when nor what is replayed.
 */
import { partsText } from "@/lib/contract/parts-text";
import { SUMMARY_TOOL } from "@/lib/contract/tools";
import { type Asked, askModel } from "./ask-model";
import { CHARACTERS } from "./context-use";
import { boundSummary, summaryPrompt, TRANSCRIPT_SYSTEM, transcriptPrompt } from "./summary";
import type { BoundedTurn, CompactionSource, ModelFailure, ModelRequest, TurnInput } from "./types";

export type Compact = {
  input: TurnInput;
  source: CompactionSource;
  /** Of the prompt as it is. */
  tokens: number;
  /** The turn ends with it. */
  isTurnOver: boolean;
  /** The provider refused the prompt: a transcript is asked about instead. */
  isTooLong: boolean;
};

export type Compacted = { type: "done" } | Exclude<Asked, { type: "answer" }>;

/** Empty summaries that are asked for again. */
const MAX_EMPTY = 3;
/** Transcripts, each half as long as the one before. */
const MAX_HALVINGS = 5;
/** Of the window: a prompt beyond it leaves no room for the summary. */
const MAX_PROMPT_SHARE = 0.9;

/** Commits the summary, or tells why there is none. History is never touched before there is one. */
export async function compact(
  options: BoundedTurn,
  { input, source, tokens, isTurnOver, isTooLong }: Compact,
): Promise<Compacted> {
  const { store, context } = options;
  const callId = input.summaryCallId;
  let halvings = isTooLong || tokens > context.limitTokens * MAX_PROMPT_SHARE ? 1 : 0;
  let empty = 0;
  let { failedAttempts } = input;
  options.emit("assistant", { type: "tool-call", tool_call_id: callId, tool_name: SUMMARY_TOOL, args: { source } });
  for (;;) {
    const asked = await askModel(options, {
      request: summaryRequest(options, { input, halvings }),
      purpose: "compaction",
      failedAttempts,
      onPart: (part) => {
        if (part.type !== "text") return;
        const { delta } = part;
        options.emit("tool", {
          type: "tool-result",
          tool_call_id: callId,
          tool_name: SUMMARY_TOOL,
          result_delta: delta,
        });
      },
    });
    if (asked.type === "aborted") return asked;
    if (asked.type === "failed") {
      if (asked.failure.error.kind !== "context_overflow" || halvings >= MAX_HALVINGS) return asked;
      halvings += 1;
      continue;
    }
    const { answer } = asked;
    const summary = boundSummary(partsText(answer.parts), context.limitTokens);
    if (summary !== "") {
      await store.commitCompaction({ summary, source, tokens, bounds: context, isTurnOver, answer });
      return { type: "done" };
    }
    empty += 1;
    failedAttempts = empty;
    const failure = emptySummary(options.model.provider);
    if (empty >= MAX_EMPTY) return { type: "failed", failure, usage: answer.usage, said: [] };
    await store.recordAttempt({
      attempt: empty,
      purpose: "compaction",
      error: failure.error,
      usage: answer.usage,
      said: [],
      delayMs: 0,
      retryingAt: options.clock.now(),
    });
  }
}

/** The whole prompt first; once it is too long, transcripts of half the window and less. */
function summaryRequest(
  { tools, context }: BoundedTurn,
  { input, halvings }: { input: TurnInput; halvings: number },
): ModelRequest {
  const { system } = input;
  const messages = withoutUnanswered(input);
  if (halvings === 0) return { system, messages: summaryPrompt(messages), tools: tools.specs() };
  const maxCharacters = (context.limitTokens * CHARACTERS.perToken) / 2 ** halvings;
  return { system: [TRANSCRIPT_SYSTEM], messages: transcriptPrompt(messages, maxCharacters), tools: [] };
}

/** What waits for an answer is read again after the summary, so it is not part of it. */
function withoutUnanswered({ messages }: TurnInput): TurnInput["messages"] {
  const lastWork = messages.findLastIndex(({ role }) => role === "assistant" || role === "tool");
  return messages.slice(0, lastWork + 1);
}

const emptySummary = (provider: string): ModelFailure => ({
  error: {
    kind: "generic",
    message:
      "The model wrote no summary of the conversation, so its context could not be compacted. Try again, use another model, or clear the context.",
    provider,
    status_code: null,
    retryable: false,
    detail: null,
  },
  retryAfterMs: null,
});
