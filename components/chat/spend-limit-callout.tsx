"use client";

import { useQuery } from "@tanstack/react-query";
import { Gauge } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { costsClient } from "@/lib/contract/client";
import type { ChatCost, LimitPeriod, UsageLimitStatus } from "@/lib/contract/costs";
import { formatExactTime, formatMoney } from "@/lib/format";
import { Link } from "../ui/link";

const SINCE = { day: "today", week: "this week", month: "this month" } satisfies Record<LimitPeriod, string>;

/** Which limit stopped the agent, by how much, and the way out. */
export function SpendLimitPause({ chatId, isAdmin }: { chatId: string; isAdmin: boolean }) {
  const { data } = useQuery({
    queryKey: ["spend-limit-pause", chatId],
    queryFn: async ({ signal }) => {
      const [person, chat] = await Promise.all([
        costsClient.limitStatus({ signal }),
        costsClient.chat(chatId, { signal }),
      ]);
      return sayWhy(person, chat);
    },
  });
  return (
    <SpendLimitCallout
      why={data?.text}
      action={
        data?.isOwn ? null : (
          <Button size="sm" asChild>
            {isAdmin ? <Link href="/admin/limits">Open limits</Link> : <Link href="/agents/analytics">My usage</Link>}
          </Button>
        )
      }
    />
  );
}

type SpendLimitCalloutProps = { why?: string | undefined; action?: React.ReactNode };

export function SpendLimitCallout({ why, action }: SpendLimitCalloutProps) {
  return (
    <Callout tone="warning" icon={Gauge} title="Paused at the spend limit" action={action}>
      {why ? `${why} ` : null}The agent goes on by itself when the limit is raised.
    </Callout>
  );
}

/** Null: no limit holds any more, and the agent goes on at once. */
function sayWhy(person: UsageLimitStatus, chat: ChatCost): { text: string; isOwn: boolean } | null {
  const { spend_limit_micros: limit, spent_micros: spent } = person;
  if (limit !== null && person.is_exceeded) {
    const resets = formatExactTime(person.resets_at, "UTC");
    const text = `${formatMoney(spent)} of ${formatMoney(limit)} was spent ${SINCE[person.period]}; it resets at ${resets}.`;
    return { text, isOwn: false };
  }
  const { spend_limit_micros: own, total_cost_micros: total } = chat;
  if (own === null || total < own) return null;
  const text = `This agent spent ${formatMoney(total)} of its own limit of ${formatMoney(own)}, set in the Cost tab.`;
  return { text, isOwn: true };
}
