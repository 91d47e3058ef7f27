/** JSON text that a `jsonb` column accepts. Pure. */

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
