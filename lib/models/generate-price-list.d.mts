/** The types of `generate-price-list.mjs`. Declares nothing else. */

/** The rows of `price-list.json` with the prices in force on a day such as `2026-01-31`. */
export function collectPrices(
  asOf: string,
): Record<string, (string | number | null | (string | number | null)[][])[][]>;
