/** What an answer asked for, in a few words, for lists. Pure. */
import type { StoredPart } from "@/lib/contract/messages";

/** A line of a list. */
const MAX_CHARACTERS = 120;

/** The first call with its first textual argument, and how many more there are; null for an answer without calls. */
export function describeActivity(parts: readonly StoredPart[]): string | null {
  const calls = parts.filter((part) => part.type === "tool-call");
  const first = calls[0];
  if (!first) return null;
  const more = calls.length > 1 ? ` (and ${calls.length - 1} more)` : "";
  const argument = firstLine(first.args);
  const text = [...(argument ? `${first.tool_name}: ${argument}` : first.tool_name).replaceAll("\0", "")];
  const room = MAX_CHARACTERS - more.length;
  return `${text.length > room ? `${text.slice(0, room - 1).join("")}…` : text.join("")}${more}`;
}

function firstLine(args: unknown): string {
  const values = typeof args === "object" && args !== null ? Object.values(args) : [];
  const text = values.find((value): value is string => typeof value === "string") ?? "";
  return text.trim().split("\n", 1)[0] ?? "";
}
