/** How full the model's context is, and what follows from it. Pure; sizes of new rows are estimated. */
import type { StoredPart, Usage } from "@/lib/contract/messages";
import { resultText } from "./models/result-text";
import type { ContextBounds, PromptMessage, ToolSpec } from "./types";

/** What vendors name for English and code; wrong by a third at worst, and the next usage corrects it. */
const CHARACTERS_PER_TOKEN = 4;

export const CHARACTERS = { perToken: CHARACTERS_PER_TOKEN } as const;

/** What the next prompt holds after this call: everything that was read, and what was written. Null: not reported. */
export function tokensAfterCall(usage: Usage | null): number | null {
  if (!usage || usage.input_tokens === null) return null;
  const { input_tokens, cache_read_tokens, cache_creation_tokens, output_tokens } = usage;
  return input_tokens + (cache_read_tokens ?? 0) + (cache_creation_tokens ?? 0) + (output_tokens ?? 0);
}

/** Of parts as the model reads them; reasoning counts as if it were replayed. */
export function estimateTokens(parts: readonly StoredPart[]): number {
  const characters = parts.reduce((sum, part) => sum + partText(part).length, 0);
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/** A part as plain text, for estimates and transcripts. */
export function partText(part: StoredPart): string {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.text;
    case "tool-call":
      return `${part.tool_name} ${typeof part.args === "string" ? part.args : JSON.stringify(part.args ?? {})}`;
    case "tool-result":
      return resultText(part.result);
    case "file":
      return part.name;
    case "file-reference":
      return `${part.file_name}:${part.start_line}-${part.end_line}\n${part.content}`;
    case "source":
      return `${part.title} ${part.url}`;
  }
}

type Prompt = { system: readonly string[]; messages: readonly PromptMessage[]; tools: readonly ToolSpec[] };

/**
 * Tokens of the next prompt: what the last answer's usage says plus an estimate of the rows after it; all of it
 * estimated where no usage is known. Usage from before a summary says nothing of what is after it.
 */
export function contextTokens({ system, messages, tools }: Prompt): number {
  const known = messages.findLastIndex(({ tokensAfter }) => tokensAfter !== undefined && tokensAfter !== null);
  const news = messages.slice(known + 1).flatMap(({ parts }) => parts);
  const counted = messages[known]?.tokensAfter;
  if (counted !== undefined && counted !== null) return counted + estimateTokens(news);
  const fixed = system.join("").length + JSON.stringify(tools).length;
  return Math.ceil(fixed / CHARACTERS_PER_TOKEN) + estimateTokens(news);
}

/** A threshold of 100 turns automatic compaction off. */
export const isOverThreshold = (tokens: number, { limitTokens, thresholdPercent }: ContextBounds): boolean =>
  thresholdPercent < 100 && tokens >= (limitTokens * thresholdPercent) / 100;

/** Compactions in a row that did not bring the very next step below the threshold. */
export const MAX_COMPACTIONS_IN_A_ROW = 3;

export type Fullness = {
  messages: readonly PromptMessage[];
  tokens: number;
  bounds: ContextBounds;
  /** Compactions of this turn so far, each of which the next step undid. */
  compactionCount: number;
};

/**
 * What to do before the next step: nothing, compact, or give up because compacting has not helped. Whether it helped
 * is judged by the first step after the summary alone: later steps are over because of their own work.
 */
export function decideCompaction({
  messages,
  tokens,
  bounds,
  compactionCount,
}: Fullness): "none" | "compact" | "overflow" {
  if (!isOverThreshold(tokens, bounds) || !hasHistory(messages)) return "none";
  return isFirstStepAfterSummary(messages) && compactionCount >= MAX_COMPACTIONS_IN_A_ROW ? "overflow" : "compact";
}

/** Something that a summary would replace: work that was done, not only what waits to be answered. */
export const hasHistory = (messages: readonly PromptMessage[]): boolean =>
  messages.some(({ role }) => role === "assistant" || role === "tool");

/** At most one answer since the summary. */
export function isFirstStepAfterSummary(messages: readonly PromptMessage[]): boolean {
  if (!messages.some(({ isSummary }) => isSummary)) return false;
  return messages.filter(({ role }) => role === "assistant").length <= 1;
}
