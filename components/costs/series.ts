import type { CostDay, ModelCost } from "@/lib/contract/costs";

/** The dearest four have a colour; the others share a grey. */
const COLORS = ["text-chart-1", "text-chart-2", "text-chart-3", "text-chart-4"] as const;
export const OTHER_COLOR = "text-chart-other";

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
  /** One of each series. */
  costs: number[];
};

/** What a bar is made of, from its foot up. */
export type Series = { name: string; color: string };

/** How many days share a bar. */
export const daysPerBar = (dayCount: number): number => Math.ceil(dayCount / MAX_BARS);

/** The models with a colour; the others are one series after them. */
const withColor = (models: readonly ModelCost[]) => models.slice(0, COLORS.length);

/**
 * What each bar costs, a figure of each series: all that a page has to carry of its days. Bars of equally many days,
 * empty ones included; the last may have fewer. Series in the order of the table, the models without a colour as one.
 */
export function sumBars(
  days: readonly CostDay[],
  models: readonly ModelCost[],
  allDays: readonly string[],
): number[][] {
  const placeOf = new Map(withColor(models).map(({ model_config_id: id }, index) => [id, index]));
  const seriesCount = models.length > placeOf.size ? placeOf.size + 1 : placeOf.size;
  const step = daysPerBar(allDays.length);
  const barCount = Math.ceil(allDays.length / step);
  const bars = Array.from({ length: barCount }, () => Array.from({ length: seriesCount }, () => 0));
  const barOf = new Map(allDays.map((day, index) => [day, bars[Math.floor(index / step)]]));
  for (const { day, model_config_id: id, cost_micros } of days) {
    const costs = barOf.get(day);
    if (!costs) continue;
    const place = placeOf.get(id) ?? seriesCount - 1;
    costs[place] = (costs[place] ?? 0) + cost_micros;
  }
  return bars;
}

/** The bars with their days and the names of their series. */
export function toBars(
  costs: readonly number[][],
  models: readonly ModelCost[],
  allDays: readonly string[],
): { series: Series[]; bars: Bar[] } {
  const known = withColor(models);
  const series = known.map(({ display_name: name }, index) => ({ name, color: COLORS[index] ?? OTHER_COLOR }));
  if (models.length > known.length) series.push({ name: "Other", color: OTHER_COLOR });
  const step = daysPerBar(allDays.length);
  const dayAt = (index: number) => allDays[Math.min(index, allDays.length - 1)] ?? "";
  const bars = costs.map((of, index) => ({
    first: dayAt(index * step),
    last: dayAt((index + 1) * step - 1),
    total: of.reduce((total, cost) => total + cost, 0),
    costs: of,
  }));
  return { series, bars };
}

/** The top of an axis with four steps of 1, 2, 2.5 or 5 times a power of ten, in micro-dollars. */
export function axisTop(highest: number): number {
  if (highest <= 0) return 4_000_000;
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each * 4 >= highest);
  return (step ?? 10 * power) * 4;
}

/** The share of a bar's room that it fills. */
const BAR_WIDTH = 0.62;

/**
 * A path for each series over bars one unit wide, heights in pixels: a pixel stands between two parts of a bar, and what
 * cost anything is a pixel high at least.
 */
export function toShapes(
  bars: readonly Bar[],
  { seriesCount, top, height }: { seriesCount: number; top: number; height: number },
): string[] {
  const shapes = Array.from({ length: seriesCount }, () => "");
  bars.forEach(({ costs }, index) => {
    let foot = height;
    costs.forEach((cost, place) => {
      if (cost <= 0) return;
      const partHeight = Math.max(1, round((cost / top) * height - 1));
      const left = round(index + (1 - BAR_WIDTH) / 2);
      shapes[place] += `M${left} ${round(foot)}h${BAR_WIDTH}v-${partHeight}h-${BAR_WIDTH}z`;
      foot -= partHeight + 1;
    });
  });
  return shapes;
}

/** A hundredth of a pixel is nothing to see. */
const round = (value: number): number => Math.round(value * 100) / 100;
