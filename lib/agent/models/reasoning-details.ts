/** OpenRouter's `reasoning_details` (openrouter.ai "Reasoning tokens", 2026-01), put together from a stream. Pure. */
import type { JSONObject } from "@ai-sdk/provider";

/** Texts, which grow from chunk to chunk. */
const GROWING = ["text", "summary"] as const;

/** Adds the details of one raw chunk: pieces of one detail come one after the other, its signature with the last. */
export function appendReasoningDetails(details: JSONObject[], chunk: object): void {
  for (const piece of detailsOf(chunk)) {
    const last = details.at(-1);
    const continues = last && last.type === piece.type && last.index === piece.index && !("data" in piece);
    if (!continues) {
      details.push(piece);
      continue;
    }
    const grown = GROWING.flatMap((name) =>
      typeof piece[name] === "string" ? [[name, `${last[name] ?? ""}${piece[name]}`] as const] : [],
    );
    const said = Object.entries(piece).filter(([, value]) => value !== null && value !== undefined);
    Object.assign(last, Object.fromEntries(said), Object.fromEntries(grown));
  }
}

function detailsOf(chunk: object): JSONObject[] {
  const [choice] = listOf(chunk, "choices");
  const delta = choice && "delta" in choice ? choice.delta : undefined;
  if (typeof delta !== "object" || delta === null) return [];
  return listOf(delta, "reasoning_details") as JSONObject[];
}

function listOf(value: object, name: string): object[] {
  const list = (value as Record<string, unknown>)[name];
  return Array.isArray(list) ? list.filter((item) => typeof item === "object" && item !== null) : [];
}
