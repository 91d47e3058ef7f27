/** Stepping through earlier prompts with the arrow keys. `index` -1: what is being typed. */
export type PromptHistory = { index: number; prompts: readonly string[] };

/** The prompts of a chat, newest first, each text once. */
export function collectPrompts(texts: readonly string[]): string[] {
  return [
    ...new Set(
      texts
        .map((text) => text.trim())
        .filter(Boolean)
        .toReversed(),
    ),
  ];
}

/** Moves to an older or newer prompt; undefined when there is none in that direction. */
export function stepPrompt(
  history: PromptHistory,
  direction: "older" | "newer",
): { index: number; text: string } | undefined {
  const index = history.index + (direction === "older" ? 1 : -1);
  if (index < -1 || index >= history.prompts.length) return undefined;
  return { index, text: history.prompts[index] ?? "" };
}
