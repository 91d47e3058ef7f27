"use client";

import clsx from "clsx";
import { INSIGHT_DAYS, type Insights } from "@/lib/contract/costs";
import { formatCount, formatDay, formatExactMoney, formatMoney, formatShare } from "@/lib/format";
import { Badge } from "../ui/badge";
import { EmptyState } from "../ui/empty-state";
import { Link } from "../ui/link";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { StatStrip } from "./stat-strip";

/** What became of the pull requests that agents opened, and what a merged one cost. Code of the browser, as `CostView` is. */
export function InsightsView({ insights }: { insights: Insights }) {
  const { days } = insights;
  return (
    <div className="grid gap-6">
      <nav aria-label="Range" className="flex flex-wrap items-center gap-1">
        {INSIGHT_DAYS.map((each) => (
          <Link
            key={each}
            href={`?days=${each}`}
            aria-current={each === days ? "page" : undefined}
            className={clsx(
              "rounded-sm px-2 py-1 font-medium text-sm pointer-coarse:py-3",
              each === days ? "bg-active text-ink" : "text-ink-3 hover:text-ink-2",
            )}
          >
            {each} days
          </Link>
        ))}
        <span className="ml-2 text-ink-3 text-sm">days in UTC</span>
      </nav>
      <Figures insights={insights} />
      {insights.created_count + insights.merged_count === 0 ? (
        <EmptyState
          title="No pull request in this range"
          hint="Those that agents open, or that are linked to a chat by hand, appear here once their git host was asked."
        />
      ) : (
        <>
          <Trend series={insights.series} />
          <ByModel models={insights.by_model} />
          <Recent pulls={insights.recent} />
        </>
      )}
    </div>
  );
}

function Figures({ insights }: { insights: Insights }) {
  const { created_count, merged_count, merge_rate, merged_cost_micros, cost_per_merged_micros } = insights;
  const unpriced = insights.unpriced_call_count > 0 ? ", some calls unpriced" : "";
  return (
    <StatStrip
      label="Pull requests"
      stats={[
        { label: "Created", figure: formatCount(created_count), note: "pull requests", exact: String(created_count) },
        { label: "Merged", figure: formatCount(merged_count), note: "in these days", exact: String(merged_count) },
        {
          label: "Merge rate",
          figure: formatShare(merge_rate),
          note: "of those created",
          exact: String(merge_rate ?? "–"),
        },
        {
          label: "Cost per merged",
          figure: cost_per_merged_micros === null ? "–" : formatMoney(cost_per_merged_micros),
          note: `${formatMoney(merged_cost_micros)} in all${unpriced}`,
          exact: cost_per_merged_micros === null ? "None was merged" : formatExactMoney(cost_per_merged_micros),
        },
      ]}
    />
  );
}

function Trend({ series }: { series: Insights["series"] }) {
  const top = Math.max(1, ...series.map((day) => Math.max(day.created_count, day.merged_count)));
  const points = (count: (day: Insights["series"][number]) => number) =>
    series
      .map((day, index) => `${(index / Math.max(1, series.length - 1)) * 1000},${200 - (count(day) / top) * 190}`)
      .join(" ");
  const last = series.at(-1)?.date ?? "";
  return (
    <section aria-label="Created and merged per day" className="rounded-md border border-line bg-raised px-4 pt-3 pb-4">
      <div className="mb-3 flex flex-wrap gap-4">
        <h2 className="mr-auto font-semibold text-ink">Created and merged per day</h2>
        <span className="text-ink-2 text-sm">
          <span aria-hidden className="text-ink-3">
            - -
          </span>{" "}
          Created
        </span>
        <span className="text-ink-2 text-sm">
          <span aria-hidden className="text-pr-merged">
            ──
          </span>{" "}
          Merged, at most {formatCount(top)} a day
        </span>
      </div>
      <svg
        role="img"
        aria-label="The table below has the figures"
        viewBox="0 0 1000 200"
        preserveAspectRatio="none"
        className="h-55 w-full"
      >
        {[10, 105, 200].map((y) => (
          <line
            key={y}
            x1="0"
            x2="1000"
            y1={y}
            y2={y}
            className="stroke-chart-grid"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        <polyline
          points={points((day) => day.created_count)}
          className="fill-none stroke-ink-3"
          strokeDasharray="4 4"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
        <polyline
          points={points((day) => day.merged_count)}
          className="fill-none stroke-pr-merged"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div aria-hidden className="mt-1 flex justify-between text-ink-3 text-xs">
        <span>{formatDay(series[0]?.date ?? last)}</span>
        <span>{formatDay(last)}</span>
      </div>
    </section>
  );
}

function ByModel({ models }: { models: Insights["by_model"] }) {
  return (
    <section aria-labelledby="insights-by-model">
      <h2 id="insights-by-model" className="mb-2 font-semibold text-ink">
        By model
      </h2>
      <Table label="Pull requests by model">
        <thead>
          <tr>
            <TableHead>Model</TableHead>
            <TableHead numeric>Merged</TableHead>
            <TableHead numeric className="max-sm:hidden">
              Created
            </TableHead>
            <TableHead numeric className="max-sm:hidden">
              Merge rate
            </TableHead>
            <TableHead numeric className="max-sm:hidden">
              Cost per merged
            </TableHead>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <TableRow key={model.model_config_id}>
              <TableCell>{model.display_name}</TableCell>
              <TableCell numeric>{formatCount(model.merged_count)}</TableCell>
              <TableCell numeric className="max-sm:hidden">
                {formatCount(model.created_count)}
              </TableCell>
              <TableCell numeric className="max-sm:hidden">
                {formatShare(model.merge_rate)}
              </TableCell>
              <TableCell numeric className="max-sm:hidden">
                {model.cost_per_merged_micros === null ? "–" : formatMoney(model.cost_per_merged_micros)}
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </section>
  );
}

const STATE_TONES = { open: "success", merged: "merged", closed: "danger" } as const;

function Recent({ pulls }: { pulls: Insights["recent"] }) {
  return (
    <section aria-labelledby="insights-recent">
      <h2 id="insights-recent" className="mb-2 font-semibold text-ink">
        Recent
      </h2>
      <Table label="Recent pull requests">
        <thead>
          <tr>
            <TableHead>Pull request</TableHead>
            <TableHead>State</TableHead>
            <TableHead className="max-sm:hidden">Person</TableHead>
            <TableHead numeric className="max-sm:hidden">
              Cost
            </TableHead>
            <TableHead numeric className="max-sm:hidden">
              Created
            </TableHead>
          </tr>
        </thead>
        <tbody>
          {pulls.map((pull) => (
            <TableRow key={pull.url}>
              <TableCell className="w-1/2 max-w-0 truncate">
                <a href={pull.url} target="_blank" rel="noreferrer" className="rounded-xs hover:underline">
                  {pull.title || pull.url}
                  {pull.pr_number === null ? null : <span className="ml-1.5 text-ink-3">#{pull.pr_number}</span>}
                </a>
              </TableCell>
              <TableCell>
                <Badge tone={pull.draft && pull.state === "open" ? "neutral" : STATE_TONES[pull.state]}>
                  {pull.draft && pull.state === "open" ? "draft" : pull.state}
                </Badge>
              </TableCell>
              <TableCell className="max-sm:hidden">{pull.owner_username}</TableCell>
              <TableCell numeric className="max-sm:hidden">
                {formatMoney(pull.cost_micros)}
              </TableCell>
              <TableCell numeric className="max-sm:hidden">
                {formatDay(pull.created_at.slice(0, 10), { withYear: true })}
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </section>
  );
}
