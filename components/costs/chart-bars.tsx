"use client";

import clsx from "clsx";
import { useState } from "react";
import { formatDayRange, formatMoney } from "@/lib/format";
import type { Bar, Series } from "./series";

type ChartBarsProps = {
  series: readonly Series[];
  bars: readonly Bar[];
  /** Micro-dollars at full height. */
  top: number;
};

/** The bars of a chart. The one under the pointer says its figures; the others hold no box for what nobody sees. */
export function ChartBars({ series, bars, top }: ChartBarsProps) {
  const [shown, setShown] = useState<number | null>(null);
  return (
    <ol aria-label="Days" className="absolute inset-0 flex">
      {bars.map((bar, index) => (
        <li
          key={bar.first}
          className="group relative flex min-w-0 flex-1 items-end justify-center hover:bg-hover"
          onPointerEnter={() => setShown(index)}
          // Of a pointer that stood here before the page was ready.
          onPointerMove={() => setShown(index)}
        >
          <span className="flex h-full w-[62%] flex-col-reverse gap-px">
            {partsOf(bar, series).map((part) => (
              <span
                key={part.id}
                aria-hidden
                className={clsx("block min-h-px shrink-0", part.color)}
                style={{ height: `calc(${(part.cost / top) * 100}% - 1px)` }}
              />
            ))}
          </span>
          <span className="hidden-text">{`${formatDayRange(bar.first, bar.last)}: ${formatMoney(bar.total)}`}</span>
          {index === shown ? <BarFigures bar={bar} series={series} isRight={index > bars.length / 2} /> : null}
        </li>
      ))}
    </ol>
  );
}

const partsOf = (bar: Bar, series: readonly Series[]) =>
  series.map((each, id) => ({ ...each, id, cost: bar.costs[id] ?? 0 })).filter(({ cost }) => cost > 0);

function BarFigures({ bar, series, isRight }: { bar: Bar; series: readonly Series[]; isRight: boolean }) {
  return (
    <span
      aria-hidden
      className={clsx(
        "pointer-events-none absolute top-0 z-10 hidden w-56 rounded-md border border-line-2 bg-raised px-3 py-2 text-sm shadow-pop group-hover:block",
        isRight ? "right-full mr-2" : "left-full ml-2",
      )}
    >
      <BarLine name={formatDayRange(bar.first, bar.last)} cost={bar.total} isTotal />
      {partsOf(bar, series).map(({ id, ...part }) => (
        <BarLine key={id} {...part} />
      ))}
    </span>
  );
}

function BarLine({ name, color, cost, isTotal }: { name: string; color?: string; cost: number; isTotal?: boolean }) {
  return (
    <span className={clsx("flex items-center gap-1.5 leading-5", isTotal ? "font-medium text-ink" : "text-ink-2")}>
      {color ? <span className={clsx("size-2 shrink-0 rounded-xs", color)} /> : null}
      <span className="min-w-0 flex-1 truncate">{name}</span>
      <span className="tabular-nums">{formatMoney(cost)}</span>
    </span>
  );
}
