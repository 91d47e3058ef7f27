/** Reading JSON of unknown shape, for the formats of requests. Pure. */

export type Json = Record<string, unknown>;

/** The texts of content that is a string or a list of blocks. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return list(content)
    .filter(({ type }) => type === "text")
    .map(({ text }) => String(text))
    .join("\n");
}

/** The text itself when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const record = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
export const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(record) : []);
