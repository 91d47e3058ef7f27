"use client";

import type { CostSummary } from "@/lib/contract/costs";
import { formatPlural } from "@/lib/format";
import { EmptyState } from "../ui/empty-state";
import { ChatCostTable } from "./chat-table";
import { CostChart } from "./cost-chart";
import { CostStats } from "./cost-stats";
import { LimitCard } from "./limit-card";
import { ModelCostTable } from "./model-table";
import { UnpricedCallout } from "./unpriced-callout";

type CostViewProps = {
  summary: CostSummary;
  /** Of each bar of the chart, by `sumBars`. */
  costs: readonly number[][];
  allDays: readonly string[];
  zone: string;
  isAdmin: boolean;
  isOwn: boolean;
  moreHref: string | null;
  exportHref: string;
};

/**
 * What one person spent: the same view for themselves and for an administrator. Its boxes stand 24 px apart. Code of the
 * browser too, so that a page carries its figures and not a second copy of all its boxes.
 */
export function CostView({ summary, costs, allDays, zone, ...rest }: CostViewProps) {
  const totals = { ...summary, message_count: summary.priced_message_count + summary.unpriced_message_count };
  return (
    <div className="grid gap-6" data-cost-view>
      <CostStats totals={totals} messagesNote={formatPlural(summary.chat_count, "chat")} dayCount={allDays.length} />
      <UnpricedCallout summary={summary} isAdmin={rest.isAdmin} />
      <LimitCard limit={summary.usage_limit} />
      {summary.by_model.length === 0 ? (
        <EmptyState
          title="Nothing was spent in this range"
          hint="What agents cost appears here with their first answer. Choose another range to look further back."
        />
      ) : (
        <>
          <CostChart costs={costs} models={summary.by_model} allDays={allDays} zone={zone} />
          <ModelCostTable models={summary.by_model} />
          <ChatCostTable chats={summary.by_chat} chatCount={summary.chat_count} {...rest} />
        </>
      )}
    </div>
  );
}
