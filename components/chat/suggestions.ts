/** What is being typed that can be completed: a command at the very beginning, or the name of a file. */
export type Trigger = { kind: "command" | "file"; query: string; from: number; to: number };

export type Suggestion = { id: string; label: string; hint: string };

/** The trigger that the caret stands in. A slash elsewhere than at the beginning is a path. */
export function findTrigger(text: string, caret: number): Trigger | undefined {
  const before = text.slice(0, caret);
  const command = /^\/([\w-]*)$/.exec(before);
  if (command) return { kind: "command", query: command[1] ?? "", from: 0, to: caret };
  const file = /(?:^|\s)@([^\s@]{0,200})$/.exec(before);
  if (!file) return undefined;
  const query = file[1] ?? "";
  return { kind: "file", query, from: caret - query.length - 1, to: caret };
}

/** The text with the completion in place of what was typed, and where the caret goes. */
export function applySuggestion(text: string, trigger: Trigger, completion: string): { text: string; caret: number } {
  const inserted = `${completion} `;
  const after = text.slice(trigger.to).replace(/^ /, "");
  return { text: text.slice(0, trigger.from) + inserted + after, caret: trigger.from + inserted.length };
}

/** Those whose name begins with what was typed, then those that contain it. */
export function matchSuggestions(all: readonly Suggestion[], query: string): Suggestion[] {
  const wanted = query.toLowerCase();
  const starts = all.filter(({ label }) => label.toLowerCase().startsWith(wanted));
  const contains = all.filter((each) => !starts.includes(each) && each.label.toLowerCase().includes(wanted));
  return [...starts, ...contains];
}

/** The next option in a direction, round the ends. */
export const stepOption = (index: number, count: number, by: 1 | -1): number =>
  count === 0 ? -1 : (index + by + count) % count;
