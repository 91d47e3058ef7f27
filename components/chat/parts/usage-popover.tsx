"use client";

import { Popover } from "@/components/ui/popover";
import type { Message } from "@/lib/contract/messages";
import { formatMoney, formatPlural } from "@/lib/format";
import { sumUsage, type UsageFacts } from "../usage-facts";
import { TokenRows } from "./token-rows";

/** What a turn cost, in words; pressed, the numbers behind it. */
export function UsagePopover({ answers }: { answers: readonly Message[] }) {
  const facts = sumUsage(answers);
  // A copy in a fork, and what a stop kept, have no record of their own: what they cost is told with the whole agent.
  if (facts.costMicros === null && !facts.isIncomplete) return null;
  const cost = costText(facts);
  return (
    <Popover
      label="Cost and tokens"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Cost and tokens: ${cost}`}
          className="-mx-1 rounded-xs px-1 tabular-nums hover:bg-hover hover:text-ink-2 data-[state=open]:bg-active pointer-coarse:min-h-9"
        >
          {cost}
        </button>
      }
    >
      <UsageTable facts={facts} />
    </Popover>
  );
}

const costText = ({ costMicros, isIncomplete }: UsageFacts): string =>
  `${isIncomplete && costMicros !== null ? "at least " : ""}${formatMoney(costMicros)}`;

function UsageTable({ facts }: { facts: UsageFacts }) {
  const { tokens } = facts;
  const rows: [label: string, count: number | null][] = [
    ["Input", tokens.input_tokens],
    ["Cache Read", tokens.cache_read_tokens],
    ["Cache Write", tokens.cache_creation_tokens],
    ["Output", tokens.output_tokens],
    ["of it reasoning", tokens.reasoning_tokens],
  ];
  return (
    <table className="min-w-52 tabular-nums">
      <caption className="pb-1.5 text-left text-ink-3 text-sm">{formatPlural(facts.steps, "model call")}</caption>
      <tbody>
        <TokenRows rows={rows} />
        <tr className="border-line border-t">
          <th scope="row" className="pt-1.5 pr-6 text-left font-medium">
            Total Cost
          </th>
          <td className="pt-1.5 text-right font-medium">{costText(facts)}</td>
        </tr>
      </tbody>
    </table>
  );
}
