import type { CostDay, ModelCost } from "@/lib/contract/costs";

/** The dearest four have a colour; the others share a grey. */
const COLORS = ["bg-chart-1", "bg-chart-2", "bg-chart-3", "bg-chart-4"] as const;
export const OTHER_COLOR = "bg-chart-other";

/** The colour of each model, in the order of the table. */
export function colorsOf(models: readonly Pick<ModelCost, "model_config_id">[]): Map<string | null, string> {
  return new Map(models.map(({ model_config_id }, index) => [model_config_id, COLORS[index] ?? OTHER_COLOR]));
}

/** Bars are at least six pixels apart on a desktop, and ten years are no page of megabytes. */
const MAX_BARS = 120;

export type Bar = {
  first: string;
  last: string;
  total: number;
  parts: { name: string; color: string; cost: number }[];
};

/** How many days share a bar. */
export const daysPerBar = (dayCount: number): number => Math.ceil(dayCount / MAX_BARS);

/**
 * Bars of equally many days, empty ones included; the last may have fewer. Parts in the order of the table, those without
 * a colour as one.
 */
export function toBars(days: readonly CostDay[], models: readonly ModelCost[], allDays: readonly string[]): Bar[] {
  const colors = colorsOf(models);
  const known = models.slice(0, COLORS.length);
  const step = daysPerBar(allDays.length);
  const starts = allDays.filter((_, index) => index % step === 0);
  const costs = starts.map(() => new Map<string | null, number>());
  const barOf = new Map(allDays.map((day, index) => [day, costs[Math.floor(index / step)]]));
  for (const { day, model_config_id: id, cost_micros } of days) {
    const bar = barOf.get(day);
    bar?.set(id, (bar.get(id) ?? 0) + cost_micros);
  }
  return costs.map((cost, index) => {
    const named = known.map(({ model_config_id: id, display_name: name }) => ({
      name,
      color: colors.get(id) ?? OTHER_COLOR,
      cost: cost.get(id) ?? 0,
    }));
    const total = [...cost.values()].reduce((sum, each) => sum + each, 0);
    const other = total - named.reduce((sum, each) => sum + each.cost, 0);
    const parts = [...named, { name: "Other", color: OTHER_COLOR, cost: other }].filter((part) => part.cost > 0);
    const last = Math.min((index + 1) * step, allDays.length) - 1;
    return { first: starts[index] ?? "", last: allDays[last] ?? "", total, parts };
  });
}

/** The top of an axis with four steps of 1, 2, 2.5 or 5 times a power of ten, in micro-dollars. */
export function axisTop(highest: number): number {
  if (highest <= 0) return 4_000_000;
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each * 4 >= highest);
  return (step ?? 10 * power) * 4;
}
