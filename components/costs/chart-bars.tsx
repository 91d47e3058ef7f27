"use client";

import clsx from "clsx";
import { useState } from "react";
import { formatDayRange, formatMoney } from "@/lib/format";
import { type Bar, type Series, toShapes } from "./series";

/** Pixels of `h-40`. */
const CHART_HEIGHT = 160;

type ChartBarsProps = { series: readonly Series[]; bars: readonly Bar[] };

/** What the bars of a chart say. The one under the pointer says all; the others hold no box for what nobody sees. */
export function ChartBars({ series, bars }: ChartBarsProps) {
  const [shown, setShown] = useState<number | null>(null);
  return (
    <ol aria-label="Days" className="absolute inset-0 flex">
      {bars.map((bar, index) => (
        <li
          key={bar.first}
          className="group relative flex-1 hover:bg-hover"
          onPointerEnter={() => setShown(index)}
          // Of a pointer that stood here before the page was ready.
          onPointerMove={() => setShown(index)}
        >
          <span className="hidden-text">{`${formatDayRange(bar.first, bar.last)}: ${formatMoney(bar.total)}`}</span>
          {index === shown ? <BarFigures bar={bar} series={series} isRight={index > bars.length / 2} /> : null}
        </li>
      ))}
    </ol>
  );
}

type ChartShapesProps = ChartBarsProps & {
  /** Micro-dollars at full height. */
  top: number;
};

/** The bars themselves: a path for each series, since an element for each part was a third of drawing a usage page. */
export function ChartShapes({ series, bars, top }: ChartShapesProps) {
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${bars.length} ${CHART_HEIGHT}`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 size-full fill-current"
    >
      {toShapes(bars, { seriesCount: series.length, top, height: CHART_HEIGHT }).map((shape, index) => (
        <path key={series[index]?.color} d={shape} className={series[index]?.color} />
      ))}
    </svg>
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
      {color ? <span className={clsx("size-2 shrink-0 rounded-xs bg-current", color)} /> : null}
      <span className="min-w-0 flex-1 truncate">{name}</span>
      <span className="tabular-nums">{formatMoney(cost)}</span>
    </span>
  );
}
