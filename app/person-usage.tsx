import { SHOWN_CHATS } from "@/components/costs/chat-table";
import { CostView } from "@/components/costs/cost-view";
import { RangePicker } from "@/components/costs/range-picker";
import { sumBars } from "@/components/costs/series";
import { getCostSummary, listCostDays } from "@/db/queries/costs";
import { getLimitStatus } from "@/lib/chats/spend-limit";
import type { CostDay, CostSummary } from "@/lib/contract/costs";
import { formatDayRange } from "@/lib/format";
import { getDatabase, getRuntime } from "@/lib/server/runtime";
import { rangeSearch, type UsageRange } from "@/lib/usage-range";
import { addDays, dayOf } from "@/lib/zoned-days";

type Asked = { ownerId: string; range: UsageRange; showAll: boolean };
type Figures = { summary: CostSummary; days: CostDay[] };

/** One person's figures, read in parallel. */
export async function readPersonUsage({ ownerId, range, showAll }: Asked): Promise<Figures> {
  const { start, end, timeZone } = range;
  const db = getDatabase();
  const [figures, days, usage_limit] = await Promise.all([
    getCostSummary(db, { ownerId, start, end, ...(!showAll && { chatLimit: SHOWN_CHATS }) }),
    listCostDays(db, { ownerId, start, end, timeZone }),
    getLimitStatus(getRuntime().sql, { ownerId }),
  ]);
  return { summary: { start_date: start, end_date: end ?? start, ...figures, usage_limit }, days };
}

type PersonUsageProps = Asked & {
  figures: Figures;
  isAdmin: boolean;
  isOwn: boolean;
  /** What else the address says. */
  keep: Record<string, string>;
};

/** One person's usage, drawn on the server. */
export function PersonUsage({ ownerId, range, figures, isAdmin, isOwn, showAll, keep }: PersonUsageProps) {
  const { start, end } = range;
  const dates = new URLSearchParams({ start_date: start, ...(end && { end_date: end }) });
  const more = new URLSearchParams({ ...keep, ...rangeSearch(range), chats: "all" });
  const allDays = Array.from({ length: range.dayCount }, (_, index) => addDays(range.firstDay, index));
  return (
    <CostView
      summary={figures.summary}
      costs={sumBars(figures.days, figures.summary.by_model, allDays)}
      allDays={allDays}
      zone={range.zoneLabel}
      isAdmin={isAdmin}
      isOwn={isOwn}
      moreHref={showAll ? null : `?${more}`}
      exportHref={`/api/experimental/chats/cost/${ownerId}/export?${dates}`}
    />
  );
}

/** The picker of a usage page's days. */
export function UsageRangePicker({ range, keep }: { range: UsageRange; keep?: Record<string, string> }) {
  return (
    <RangePicker
      presetDays={range.presetDays}
      firstDay={range.firstDay}
      lastDay={range.lastDay}
      today={dayOf(Date.now(), range.timeZone)}
      label={formatDayRange(range.firstDay, range.lastDay)}
      {...(keep && { keep })}
    />
  );
}
