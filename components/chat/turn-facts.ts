import type { Message } from "@/lib/contract/messages";

export type TurnFacts = {
  /** The running step, from 1. */
  step: number;
  /** When the turn's message was sent; epoch milliseconds. */
  startedAtMs: number;
  /** Of the priced steps so far; 0 when nothing is priced yet. */
  costMicros: number;
};

/** What the live row tells about the turn that runs: everything since the last message of a person. */
export function findTurnFacts(messages: readonly Message[]): TurnFacts {
  const start = messages.findLastIndex((message) => message.role === "user");
  const answers = messages.slice(start + 1).filter((message) => message.role === "assistant");
  return {
    step: answers.length + 1,
    startedAtMs: Date.parse(messages[Math.max(0, start)]?.created_at ?? "") || 0,
    costMicros: answers.reduce((sum, answer) => sum + (answer.total_cost_micros ?? 0), 0),
  };
}

/** Tokens in the model's context, from the latest answer that says so; null when none does. */
export function findContextTokens(messages: readonly Message[]): number | null {
  const usage = messages.findLast((message) => message.usage?.input_tokens != null)?.usage;
  if (!usage) return null;
  const { input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens } = usage;
  return (input_tokens ?? 0) + (output_tokens ?? 0) + (cache_read_tokens ?? 0) + (cache_creation_tokens ?? 0);
}
