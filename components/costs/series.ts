import type { CostDay, ModelCost } from "@/lib/contract/costs";

/** The dearest four have a colour; the others share a grey. */
const COLORS = ["bg-chart-1", "bg-chart-2", "bg-chart-3", "bg-chart-4"] as const;
export const OTHER_COLOR = "bg-chart-other";

/** The colour of each model, in the order of the table. */
export function colorsOf(models: readonly Pick<ModelCost, "model_config_id">[]): Map<string | null, string> {
  return new Map(models.map(({ model_config_id }, index) => [model_config_id, COLORS[index] ?? OTHER_COLOR]));
}

export type Bar = { day: string; total: number; parts: { name: string; color: string; cost: number }[] };

/** One bar for each day, empty ones included; parts in the order of the table, those without a colour as one. */
export function toBars(days: readonly CostDay[], models: readonly ModelCost[], allDays: readonly string[]): Bar[] {
  const colors = colorsOf(models);
  const known = models.slice(0, COLORS.length);
  return allDays.map((day) => {
    const ofDay = days.filter((each) => each.day === day && each.cost_micros > 0);
    const costOf = (id: string | null) => ofDay.find((each) => each.model_config_id === id)?.cost_micros ?? 0;
    const named = known.map((model) => ({
      name: model.display_name,
      color: colors.get(model.model_config_id) ?? OTHER_COLOR,
      cost: costOf(model.model_config_id),
    }));
    const total = ofDay.reduce((sum, each) => sum + each.cost_micros, 0);
    const other = total - named.reduce((sum, each) => sum + each.cost, 0);
    const parts = [...named, { name: "Other", color: OTHER_COLOR, cost: other }].filter(({ cost }) => cost > 0);
    return { day, total, parts };
  });
}

/** The top of an axis with four steps of 1, 2, 2.5 or 5 times a power of ten, in micro-dollars. */
export function axisTop(highest: number): number {
  if (highest <= 0) return 4_000_000;
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each * 4 >= highest);
  return (step ?? 10 * power) * 4;
}
