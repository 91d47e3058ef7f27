import clsx from "clsx";
import type { LimitPeriod, UsageLimitStatus } from "@/lib/contract/costs";
import { formatDayRange, formatExactMoney, formatExactTime, formatMoney } from "@/lib/format";

const NAMES = { day: "Daily", week: "Weekly", month: "Monthly" } satisfies Record<LimitPeriod, string>;

/** How much of the limit is used. Nothing when there is none. */
export function LimitCard({ limit }: { limit: UsageLimitStatus }) {
  const { spend_limit_micros: allowed, spent_micros: spent } = limit;
  if (allowed === null) return null;
  const share = allowed === 0 ? 1 : Math.min(1, spent / allowed);
  const left = Math.max(0, allowed - spent);
  const tone = limit.is_exceeded ? "bg-danger" : limit.is_near ? "bg-warning" : "bg-success";
  const lastDay = new Date(Date.parse(limit.period_end) - 1).toISOString().slice(0, 10);
  return (
    <section aria-label="Spend limit" className="rounded-md border border-line bg-raised px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-2">
        <h2 className="font-semibold text-ink">{NAMES[limit.period]} spend limit</h2>
        <span className="mr-auto text-ink-3 text-sm">
          {formatDayRange(limit.period_start.slice(0, 10), lastDay)}, UTC
        </span>
        <span className="text-ink-3 tabular-nums" title={`${formatExactMoney(spent)} of ${formatExactMoney(allowed)}`}>
          <span className="font-semibold text-ink">{formatMoney(spent)}</span> of {formatMoney(allowed)}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label="Spent of the limit"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        className="my-2 h-1.5 overflow-hidden rounded-full bg-hover"
      >
        <div className={clsx("h-full rounded-full", tone)} style={{ width: `${share * 100}%` }} />
      </div>
      <div className="flex flex-wrap justify-between gap-x-4 text-ink-3 text-sm">
        <span className={clsx(limit.is_exceeded && "text-danger")}>
          {limit.is_exceeded
            ? "The limit is reached: agents are paused, and new work is refused."
            : `${formatMoney(left)} left${limit.is_near ? `: ${Math.floor(share * 100)}% is spent` : ""}`}
        </span>
        <span>Resets {formatExactTime(limit.resets_at, "UTC")}</span>
      </div>
    </section>
  );
}
