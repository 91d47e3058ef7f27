"use client";

import { Popover } from "@/components/ui/popover";
import type { Usage } from "@/lib/contract/messages";
import { formatCount, formatTokenLimit, formatTokens } from "@/lib/format";
import { TokenRows } from "./parts/token-rows";
import { contextTokens } from "./turn-facts";

const RADIUS = 6.25;
const LENGTH = 2 * Math.PI * RADIUS;

/** How full the model's context is; pressed, of what. Unknown is an empty ring and `--`. */
export function ContextRing({ usage, limit }: { usage: Usage | null; limit: number | null }) {
  const tokens = usage && contextTokens(usage);
  const share = tokens === null || !limit ? null : Math.min(1, tokens / limit);
  const percent = share === null ? "--" : `${Math.round(share * 100)}%`;
  const label =
    share === null
      ? "Context: not known yet"
      : `Context: ${percent}, ${formatTokens(tokens)} of ${formatTokenLimit(limit ?? 0)} tokens`;
  return (
    <Popover
      label="Context of the model"
      align="end"
      trigger={
        <button
          type="button"
          aria-label={label}
          title={label}
          className="inline-flex h-(--control-md) shrink-0 items-center gap-1.5 rounded-sm px-2 text-ink-3 text-sm tabular-nums hover:bg-hover data-[state=open]:bg-active"
        >
          <Ring share={share} />
          <span aria-hidden className="max-sm:hidden">
            {percent}
          </span>
        </button>
      }
    >
      <ContextTable usage={usage} limit={limit} percent={percent} />
    </Popover>
  );
}

function Ring({ share }: { share: number | null }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 -rotate-90" fill="none" strokeWidth={2.5}>
      <circle cx="8" cy="8" r={RADIUS} className="stroke-n-6" />
      {share === null ? null : (
        <circle
          cx="8"
          cy="8"
          r={RADIUS}
          className={ringColour(share)}
          strokeLinecap="round"
          strokeDasharray={`${share * LENGTH} ${LENGTH}`}
        />
      )}
    </svg>
  );
}

function ContextTable({ usage, limit, percent }: { usage: Usage | null; limit: number | null; percent: string }) {
  if (!usage) return <p className="max-w-56 text-ink-2">Known after the model's first answer.</p>;
  const rows: [label: string, count: number | null][] = [
    ["New input", usage.input_tokens],
    ["Cache Read", usage.cache_read_tokens],
    ["Cache Write", usage.cache_creation_tokens],
    ["Last answer", usage.output_tokens],
  ];
  return (
    <table className="min-w-52 tabular-nums">
      <caption className="pb-1.5 text-left text-ink-3 text-sm">What the model has before it</caption>
      <tbody>
        <TokenRows rows={rows} />
        <tr className="border-line border-t">
          <th scope="row" className="pt-1.5 pr-6 text-left font-medium">
            {percent} of {limit ? formatTokenLimit(limit) : "an unknown limit"}
          </th>
          <td className="pt-1.5 text-right font-medium">{formatCount(contextTokens(usage))}</td>
        </tr>
      </tbody>
    </table>
  );
}

function ringColour(share: number): string {
  if (share >= 0.95) return "stroke-danger";
  return share >= 0.85 ? "stroke-warning" : "stroke-accent";
}
