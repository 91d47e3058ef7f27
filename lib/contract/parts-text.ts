/** The text of a message's parts. No zod here: the browser loads it. */
import type { Part } from "./messages";

/** The plain text of parts, for titles and summaries; parts without text are left out. */
export function partsText(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
