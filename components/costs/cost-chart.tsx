import clsx from "clsx";
import type { ModelCost } from "@/lib/contract/costs";
import { formatDay, formatMoney } from "@/lib/format";
import { ChartBars, ChartShapes } from "./chart-bars";
import { axisTop, type Bar, colorsOf, daysPerBar, OTHER_COLOR, toBars } from "./series";

type CostChartProps = {
  /** Of each bar, by `sumBars`. */
  costs: readonly number[][];
  models: readonly ModelCost[];
  allDays: readonly string[];
  zone: string;
};

/** Cost per day, in a long range per several days, stacked by model. The tables after it have the same figures; a bar says its own on hover. */
export function CostChart({ costs, models, allDays, zone }: CostChartProps) {
  const { series, bars } = toBars(costs, models, allDays);
  const top = axisTop(Math.max(...bars.map(({ total }) => total)));
  const named = models.filter(({ total_cost_micros }) => total_cost_micros > 0);
  const colors = colorsOf(models);
  const step = daysPerBar(allDays.length);
  const title = step === 1 ? "Cost per day" : `Cost per ${step} days`;
  return (
    <section aria-label={title} className="rounded-md border border-line bg-raised px-4 pt-3 pb-4">
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="mr-auto font-semibold text-ink">
          {title} <span className="ml-1 font-regular text-ink-3 text-sm">days in {zone}</span>
        </h2>
        {named.slice(0, 4).map((model) => (
          <Legend key={model.model_config_id} name={model.display_name} color={colors.get(model.model_config_id)} />
        ))}
        {named.length > 4 ? <Legend name="Other" color={OTHER_COLOR} /> : null}
      </div>
      <div className="flex gap-2">
        <div
          aria-hidden
          className="flex h-40 w-12 shrink-0 flex-col justify-between text-right text-ink-3 text-xs tabular-nums"
        >
          {[4, 3, 2, 1, 0].map((step) => (
            <span key={step} className="-my-2 leading-4">
              {formatMoney((top / 4) * step).replace(/\.00$/, "")}
            </span>
          ))}
        </div>
        <div className="min-w-0 flex-1">
          <div className="relative h-40">
            {[0, 1, 2, 3, 4].map((step) => (
              <span
                key={step}
                aria-hidden
                className="absolute inset-x-0 h-px bg-chart-grid"
                style={{ bottom: `${step * 25}%` }}
              />
            ))}
            <ChartBars series={series} bars={bars} />
            <ChartShapes series={series} bars={bars} top={top} />
          </div>
          <div aria-hidden data-days className="relative mt-1.5 h-4 text-ink-3 text-xs">
            {axisBars(bars).map(({ first, middle }, index) => (
              <span
                key={first}
                className={clsx("absolute -translate-x-1/2 whitespace-nowrap", index % 2 === 1 && "max-sm:hidden")}
                style={{ left: `${middle * 100}%` }}
              >
                {formatDay(first, { withYear: allDays.length > 366 })}
              </span>
            ))}
          </div>
        </div>
      </div>
    </section>
  );
}

function Legend({ name, color }: { name: string; color: string | undefined }) {
  return (
    <span title={name} className="flex min-w-0 max-w-60 items-center gap-1.5 text-ink-2 text-sm">
      <span aria-hidden className={clsx("size-2 shrink-0 rounded-xs bg-current", color)} />
      <span className="truncate">{name}</span>
    </span>
  );
}

/** At most seven bars, equally far apart from the first on; where each stands, of the chart's width. */
function axisBars(bars: readonly Bar[]): { first: string; middle: number }[] {
  const step = Math.max(1, Math.ceil(bars.length / 7));
  return bars.flatMap(({ first }, index) =>
    index % step === 0 ? [{ first, middle: (index + 0.5) / bars.length }] : [],
  );
}
