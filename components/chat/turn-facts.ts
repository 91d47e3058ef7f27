import type { Message, Usage } from "@/lib/contract/messages";

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

/** What fills the model's context, from the latest answer that says so; null when none does. */
export function findContext(messages: readonly Message[]): Usage | null {
  return messages.findLast((message) => message.usage?.input_tokens != null)?.usage ?? null;
}

/** Everything of a call that the next one sends again. Reasoning is in the output. */
export const contextTokens = (usage: Usage): number =>
  (usage.input_tokens ?? 0) +
  (usage.output_tokens ?? 0) +
  (usage.cache_read_tokens ?? 0) +
  (usage.cache_creation_tokens ?? 0);
