import type { Suggestion } from "./suggestions";

/** What a `/word` at the beginning does instead of being sent. */
export type ComposerCommand = { name: string; hint: string; run: () => Promise<void> };

/** The command that a text is, nothing else beside it. Anything else, a path for one, is a message. */
export const findCommand = (commands: readonly ComposerCommand[], text: string): ComposerCommand | undefined =>
  commands.find(({ name }) => text.trim() === `/${name}`);

export const toSuggestions = (commands: readonly ComposerCommand[]): Suggestion[] =>
  commands.map(({ name, hint }) => ({ id: `/${name}`, label: name, hint }));
