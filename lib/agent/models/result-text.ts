/** A tool's result as the model reads it. Pure; the stored result stays as it is. */

/**
 * Text as it is; anything else as JSON, but with its texts of several lines below it as they are: escaped, they cost
 * a token a line and read badly. Never empty, since providers refuse that.
 */
export function resultText(result: unknown): string {
  if (typeof result === "string") return result.trim() === "" ? "(empty)" : result;
  if (typeof result !== "object" || result === null || Array.isArray(result))
    return JSON.stringify(result) ?? "(empty)";
  const entries = Object.entries(result);
  const texts = entries.filter(([, value]) => typeof value === "string" && value.includes("\n"));
  if (texts.length === 0) return JSON.stringify(result);
  const facts = entries.filter((entry) => !texts.includes(entry));
  return [
    ...(facts.length > 0 ? [JSON.stringify(Object.fromEntries(facts))] : []),
    ...texts.map(([name, text]) => `${name}:\n${text}`),
  ].join("\n");
}
