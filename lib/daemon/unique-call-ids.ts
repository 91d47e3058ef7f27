/** Tool call ids that are unique within a chat: the workspace's ledger adopts a known id instead of running it. Pure. */
import type { StoredPart } from "@/lib/contract/messages";

/** Providers that make random ids use at least this many characters; shorter ones (`call_0`) repeat from step to step. */
const RANDOM_ID_CHARACTERS = 16;

/** Rows with a summary among them are not the whole chat: what is not in them may have been used all the same. */
type Known = { rows: readonly { parts: readonly StoredPart[]; isSummary?: boolean }[]; suffix: string };

/**
 * Gives a call a new id when its own is short, may have been used before, or is used twice in this answer; the provider's id stays
 * beside it. `suffix` differs for every answer of the chat.
 */
export function withUniqueCallIds(parts: readonly StoredPart[], { rows, suffix }: Known): StoredPart[] {
  const used = new Set<string>();
  const isWhole = !rows.some(({ isSummary }) => isSummary);
  for (const row of rows) for (const part of row.parts) if (part.type === "tool-call") used.add(part.tool_call_id);
  return parts.map((part, index) => {
    if (part.type !== "tool-call") return part;
    const own = part.tool_call_id;
    const isNew = isWhole && own.length >= RANDOM_ID_CHARACTERS && !used.has(own);
    const id = !isNew ? `${own || "call"}-${suffix}-${index}` : own;
    used.add(id);
    return id === own ? part : { ...part, tool_call_id: id, provider_tool_call_id: part.provider_tool_call_id ?? own };
  });
}
