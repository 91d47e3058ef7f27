import { expect, test } from "vitest";
import { axisTop, sumBars, toBars, toShapes } from "@/components/costs/series";
import type { CostDay, ModelCost } from "@/lib/contract/costs";
import { addDays } from "@/lib/zoned-days";

const models = ["a", "b", "c", "d", "e", "f"].map((id) => ({ model_config_id: id, display_name: id })) as ModelCost[];
const daysFrom = (first: string, count: number) => Array.from({ length: count }, (_, i) => addDays(first, i));
const barsOf = (days: CostDay[], of: ModelCost[], all: string[]) => toBars(sumBars(days, of, all), of, all);
const cost = (day: string, model_config_id: string, cost_micros: number) => ({ day, model_config_id, cost_micros });

test("every day has a bar, and models without a colour are one part", () => {
  const days = [
    cost("2026-03-02", "a", 5),
    cost("2026-03-02", "e", 2),
    cost("2026-03-02", "f", 1),
    cost("2026-03-03", "b", 0),
  ];
  const { series, bars } = barsOf(days, models, daysFrom("2026-03-01", 3));
  expect(bars.map(({ first, last, total }) => [first, last, total])).toEqual([
    ["2026-03-01", "2026-03-01", 0],
    ["2026-03-02", "2026-03-02", 8],
    ["2026-03-03", "2026-03-03", 0],
  ]);
  expect(series.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "Other"]);
  expect(bars[1]?.costs).toEqual([5, 0, 0, 0, 3]);
});

test("ten years are at most 120 bars that lose nothing", () => {
  const all = daysFrom("2016-11-28", 3_652);
  const days = all.map((day) => cost(day, "a", 1));
  const { bars } = barsOf(days, models, all);
  expect(bars.length).toBeLessThanOrEqual(120);
  expect(bars.reduce((sum, { total }) => sum + total, 0)).toBe(3_652);
  expect(bars.at(-1)?.last).toBe("2026-11-27");
});

test.each([
  [0, 4_000_000],
  [1, 1],
  [4, 4],
  [3_900_000, 4_000_000],
  [8_100_000, 10_000_000],
  [2 ** 52, 8_000_000_000_000_000],
])("an axis for %d ends at %d", (highest, top) => {
  expect(axisTop(highest)).toBe(top);
});

test("the parts of a bar stand on each other with a pixel between, and what cost anything is a pixel high", () => {
  const days = [cost("2026-03-01", "a", 50), cost("2026-03-01", "b", 25), cost("2026-03-02", "b", 0.01)];
  const { bars } = barsOf(days, models.slice(0, 2), daysFrom("2026-03-01", 2));
  const shapes = toShapes(bars, { seriesCount: 2, top: 100, height: 160 });
  expect(shapes).toEqual(["M0.19 160h0.62v-79h-0.62z", "M0.19 80h0.62v-39h-0.62zM1.19 160h0.62v-1h-0.62z"]);
});
