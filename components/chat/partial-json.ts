/**
 * The value of a JSON text that is still arriving: open strings, arrays and objects are closed, an unfinished key or
 * literal is dropped. Undefined when nothing can be read yet.
 */
export function parsePartialJson(text: string): unknown {
  for (const candidate of candidates(text)) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The next candidate ends earlier.
    }
  }
  return undefined;
}

/** The text as it is, the text with its open ends closed, then cut back to the last complete member. */
function* candidates(text: string): Generator<string> {
  yield text;
  const { closers, inString, isEscaped, lastComma } = scan(text);
  const body = isEscaped ? text.slice(0, -1) : text;
  const closed = inString ? `${body.replace(/\\u[0-9a-fA-F]{0,3}$/, "")}"` : body;
  yield closed + closers;
  if (/:\s*$/.test(closed)) yield `${closed}null${closers}`;
  if (lastComma) yield text.slice(0, lastComma.index) + lastComma.closers;
  if (closers) yield closers.at(-1) === "}" ? "{}" : "[]";
}

function scan(text: string) {
  const stack: string[] = [];
  let inString = false;
  let isEscaped = false;
  let lastComma: { index: number; closers: string } | undefined;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index];
    if (inString) {
      if (isEscaped) isEscaped = false;
      else if (char === "\\") isEscaped = true;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{") stack.push("}");
    else if (char === "[") stack.push("]");
    else if (char === "}" || char === "]") stack.pop();
    else if (char === ",") lastComma = { index, closers: stack.toReversed().join("") };
  }
  return { closers: stack.toReversed().join(""), inString, isEscaped, lastComma };
}
