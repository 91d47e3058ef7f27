/** Arguments of calls that are too long to be meant: cut, so that no prompt carries them for ever. Pure. */
import type { StoredPart } from "@/lib/contract/messages";

/** Twice what the longest answers of today's models come to; more is a model that repeats itself. */
const MAX_CHARACTERS = 1024 * 1024;
/** Enough to see what it was. */
const KEPT_CHARACTERS = 4_000;

/** Too long arguments become the start of their text, which no tool takes: the model is told, and nothing runs. */
export function withBoundArgs(parts: readonly StoredPart[]): StoredPart[] {
  return parts.map((part) => {
    if (part.type !== "tool-call") return part;
    const text = typeof part.args === "string" ? part.args : (JSON.stringify(part.args) ?? "");
    if (text.length <= MAX_CHARACTERS) return part;
    const rest = text.length - KEPT_CHARACTERS;
    return {
      ...part,
      args: `${text.slice(0, KEPT_CHARACTERS)}… [${rest} more characters were cut off]`.toWellFormed(),
    };
  });
}
