import type { Message, Usage } from "@/lib/contract/messages";

const KINDS = [
  "input_tokens",
  "output_tokens",
  "reasoning_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
] as const satisfies readonly (keyof Usage)[];
type TokenKind = (typeof KINDS)[number];

/** What some answers cost and used together. */
export type UsageFacts = {
  steps: number;
  /** Of the priced answers; null when none is priced. */
  costMicros: number | null;
  /** Some answers have no price: the cost is more than it says. */
  isIncomplete: boolean;
  /** Null: no answer says. */
  tokens: Record<TokenKind, number | null>;
};

/** Adds up answers. Unknown is never zero: a sum of nothing known is null. */
export function sumUsage(answers: readonly Message[]): UsageFacts {
  const priced = answers.filter((answer) => answer.total_cost_micros !== null);
  return {
    steps: answers.length,
    costMicros: priced.length === 0 ? null : priced.reduce((sum, { total_cost_micros: cost }) => sum + (cost ?? 0), 0),
    isIncomplete: priced.length < answers.length && answers.some((answer) => answer.usage !== null),
    tokens: Object.fromEntries(KINDS.map((kind) => [kind, sumOf(answers, kind)])) as UsageFacts["tokens"],
  };
}

function sumOf(answers: readonly Message[], kind: TokenKind): number | null {
  const known = answers.flatMap((answer) => answer.usage?.[kind] ?? []);
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0);
}
