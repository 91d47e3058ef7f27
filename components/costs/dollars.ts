/** Dollars as typed, exact to the micro-dollar. No floating numbers. */

export type ParsedDollars = { ok: true; micros: number | null } | { ok: false; problem: string };

/** Empty is null. `12`, `12.5`, `1,200.50` and `12,5` are amounts; up to a billion dollars and six decimals. */
export function parseDollars(text: string): ParsedDollars {
  const plain = text.replace(/[\s$_]/g, "");
  if (plain === "") return { ok: true, micros: null };
  const english = /^\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain) ? plain.replaceAll(",", "") : plain.replace(",", ".");
  const match = /^(\d{1,9})(?:\.(\d{0,6}))?$/.exec(english);
  if (!match) return { ok: false, problem: `“${text}” is no amount. Write dollars such as 25 or 12.50.` };
  const [, whole = "0", fraction = ""] = match;
  return { ok: true, micros: Number(whole) * 1_000_000 + Number(fraction.padEnd(6, "0")) };
}

/** `12.50`, with as many decimals as it has; null is empty. */
export function formatDollars(micros: number | null): string {
  if (micros === null) return "";
  const fraction = String(micros % 1_000_000)
    .padStart(6, "0")
    .replace(/0{1,4}$/, "");
  return `${Math.floor(micros / 1_000_000)}.${fraction}`;
}
