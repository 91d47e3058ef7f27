/** JSON as a `jsonb` column accepts it, and as it gives it back. Pure. */

/** Escapes that PostgreSQL refuses: NUL and halves of surrogate pairs. Tools and models do produce them. */
const REFUSED = /\\u(0000|d[89ab])/i;

/** `JSON.stringify`, with NUL and lone surrogates replaced by U+FFFD. */
export function toJsonb(value: unknown): string {
  const text = JSON.stringify(value);
  if (!REFUSED.test(text)) return text;
  return JSON.stringify(value, (_key, field) =>
    typeof field === "string" ? field.toWellFormed().replaceAll("\0", "\ufffd") : field,
  );
}

/** A value as a `jsonb` column gives it back after `toJsonb`: an object's keys by their length, then by their bytes. */
export const throughJsonb = <T>(value: T): T => inOrder(JSON.parse(toJsonb(value))) as T;

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const members = Object.entries(value).map(([key, field]) => [key, inOrder(field)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => compareKeys(a, b)));
}

function compareKeys(a: string, b: string): number {
  return Buffer.byteLength(a) - Buffer.byteLength(b) || Buffer.compare(Buffer.from(a), Buffer.from(b));
}
