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
export function throughJsonb<T>(value: T): T {
  return JSON.parse(toJsonb(value), (_key, field) => {
    const isObject = typeof field === "object" && field !== null && !Array.isArray(field);
    return isObject ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => compareKeys(a, b))) : field;
  });
}

function compareKeys(a: string, b: string): number {
  const [first, second] = [Buffer.from(a), Buffer.from(b)];
  return first.length - second.length || first.compare(second);
}
