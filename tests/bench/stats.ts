/** Numbers of a measurement: medians and percentiles, and the table they are printed in. Pure. */

export type Row = {
  what: string;
  value: number;
  unit: "ms" | "MB" | "KB" | "/s" | "×" | "";
  /** Measured in the same run; the ratio to it is what travels between machines. */
  floor: { what: string; value: number } | null;
  target: string;
  met: boolean;
};

/** @param share 0.5 is the median. Nearest rank; NaN when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** @param target null: shown, not judged. */
export function row(
  what: string,
  value: number,
  unit: Row["unit"],
  most: number,
  target: string | null = `≤ ${most} ${unit}`,
): Row {
  return { what, value, unit, floor: null, target: target ?? "", met: target === null || value <= most };
}

const COLUMNS = ["measure", "value", "floor", "ratio", "target", ""] as const;

export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(({ what, value, unit, floor, target, met }) => [
    what,
    `${show(value)} ${unit}`,
    floor ? `${show(floor.value)} ${unit} (${floor.what})` : "",
    floor ? `${show(value / floor.value)} ×` : "",
    target,
    met ? "ok" : "MISSED",
  ]);
  const lines = [[...COLUMNS], ...cells];
  const widths = COLUMNS.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const show = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
