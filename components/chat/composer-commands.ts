import type { Skill } from "@/lib/contract/workspaces";
import type { Suggestion } from "./suggestions";

/** What a `/word` at the beginning does instead of being sent. */
export type ComposerCommand = { name: string; hint: string; run: () => Promise<void> };

/** The command that a text is, nothing else beside it. Anything else, a path for one, is a message. */
export const findCommand = (commands: readonly ComposerCommand[], text: string): ComposerCommand | undefined =>
  commands.find(({ name }) => text.trim() === `/${name}`);

/** What a slash offers: commands, then the workspace's skills. A skill that is named as a command gives way to it. */
export function toSuggestions(commands: readonly ComposerCommand[], skills: readonly Skill[]): Suggestion[] {
  const free = skills.filter((skill) => !commands.some(({ name }) => name === skill.name));
  return [
    ...commands.map(({ name, hint }) => ({ id: `/${name}`, label: name, hint })),
    ...free.map(({ name, description }) => ({ id: `/${name}`, label: name, hint: description })),
  ];
}
