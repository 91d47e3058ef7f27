"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Chat, ChatStatus } from "@/lib/contract/chats";
import { costsClient, errorText } from "@/lib/contract/client";
import type { CallKind, ChatCost as Cost } from "@/lib/contract/costs";
import { formatCount, formatExactMoney, formatMoney, formatPlural, formatTokens } from "@/lib/format";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { EmptyState } from "../ui/empty-state";
import { Skeleton, SkeletonFrame } from "../ui/skeleton";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { ChatCalls } from "./chat-calls";
import { ChatLimit } from "./chat-limit";
import { CostFigure } from "./figures";

export const KIND_LABELS = {
  step: "Steps",
  attempt: "Failed attempts",
  title: "Titles",
  summary: "Turn summaries",
  compaction: "Compactions",
} satisfies Record<CallKind, string>;

/** Steps and subagents spend without a word to this page; three seconds, as the panel of changes looks. */
const LIVE_MS = 3_000;

/** What the chat and its subagents cost. Read again whenever the chat's state moves, and while it works. */
export function ChatCost({ chat }: { chat: Chat }) {
  const rootId = chat.root_chat_id ?? chat.id;
  const refetchInterval = isIdle(chat.status) ? false : LIVE_MS;
  const key = ["chat-cost", rootId, chat.status, chat.updated_at];
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => costsClient.chat(chat.id, { signal }),
    placeholderData: (previous) => previous,
    refetchInterval,
  });
  if (query.isError && !query.data) {
    return (
      <div className="p-4">
        <Callout
          tone="danger"
          title="The cost did not load"
          actions={
            <Button size="sm" onClick={() => void query.refetch()}>
              Try again
            </Button>
          }
        >
          {errorText(query.error)}
        </Callout>
      </div>
    );
  }
  if (!query.data) {
    return (
      <SkeletonFrame label="Loading the cost" className="grid gap-4 p-4">
        <Skeleton className="h-16 w-full rounded-md" />
        <Skeleton className="h-40 w-full rounded-md" />
      </SkeletonFrame>
    );
  }
  const calls = <ChatCalls key={key.join(" ")} chatId={chat.id} refetchInterval={refetchInterval} />;
  return <CostOfTree cost={query.data} rootId={rootId} calls={calls} />;
}

const isIdle = (status: ChatStatus): boolean => status === "waiting" || status === "completed" || status === "error";

type CostOfTreeProps = { cost: Cost; rootId: string; calls: ReactNode };

function CostOfTree({ cost, rootId, calls }: CostOfTreeProps) {
  const limit = <ChatLimit rootId={rootId} limitMicros={cost.spend_limit_micros} />;
  if (cost.by_kind.length === 0) {
    return (
      <div className="grid gap-6 p-4">
        <EmptyState
          title="Nothing was spent yet"
          hint="The cost of each step appears here when the model has answered."
        />
        {limit}
      </div>
    );
  }
  return (
    <section
      aria-label="Cost of the chat"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
      tabIndex={0}
      className="grid min-h-0 flex-1 content-start gap-6 overflow-y-auto p-4"
    >
      <Totals cost={cost} />
      {limit}
      <Curve curve={cost.curve} />
      <Parts
        label="By kind"
        head="Kind"
        rows={cost.by_kind.map((row) => ({ ...row, key: row.kind, name: KIND_LABELS[row.kind] }))}
      />
      {cost.by_chat.length > 1 ? (
        <Parts
          label="By agent"
          head="Agent"
          rows={cost.by_chat.map((row) => ({ ...row, key: row.chat_id, name: row.title || "Untitled" }))}
        />
      ) : null}
      {calls}
    </section>
  );
}

function Totals({ cost }: { cost: Cost }) {
  const tokens = [
    ["Input", cost.input_tokens],
    ["Output", cost.output_tokens],
    ["Cache Read", cost.cache_read_tokens],
    ["Cache Write", cost.cache_creation_tokens],
  ] as const;
  return (
    <div>
      <p className="text-ink-3 text-sm">Total Cost</p>
      <p className="font-semibold text-2xl text-ink tabular-nums" title={formatExactMoney(cost.total_cost_micros)}>
        <CostFigure cost={cost} />
        {cost.spend_limit_micros === null ? null : (
          <span className="ml-2 font-regular text-ink-3 text-sm">of {formatMoney(cost.spend_limit_micros)}</span>
        )}
      </p>
      <p className="mt-1 flex flex-wrap gap-x-4 text-ink-3 text-sm tabular-nums">
        <span>{formatPlural(cost.message_count, "message")}</span>
        {tokens.map(([name, count]) => (
          <span key={name} title={`${formatCount(count)} tokens`}>
            {name} {formatTokens(count)}
          </span>
        ))}
      </p>
      {cost.unpriced_call_count > 0 ? (
        <Callout
          tone="warning"
          className="mt-3"
          title={`${formatPlural(cost.unpriced_call_count, "call has", "calls have")} no price, so the total is too low`}
        />
      ) : null}
    </div>
  );
}

function Curve({ curve }: { curve: Cost["curve"] }) {
  const total = curve.at(-1)?.cost_micros ?? 0;
  if (curve.length < 2 || total === 0) return null;
  const points = curve.map(
    ({ cost_micros }, index) => `${(index / (curve.length - 1)) * 600},${100 - (cost_micros / total) * 98}`,
  );
  return (
    <figure>
      <figcaption className="mb-2 font-semibold text-ink">Cumulative</figcaption>
      <svg
        role="img"
        aria-label={`From nothing to ${formatMoney(total)}, call by call`}
        viewBox="0 0 600 101"
        preserveAspectRatio="none"
        className="h-24 w-full border-line border-b"
      >
        <polyline
          points={points.join(" ")}
          className="fill-none stroke-chart-1"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
    </figure>
  );
}

type Part = { key: string; name: string; call_count: number; total_cost_micros: number; unpriced_call_count: number };

function Parts({ label, head, rows }: { label: string; head: string; rows: readonly Part[] }) {
  return (
    <div>
      <h2 className="mb-2 font-semibold text-ink">{label}</h2>
      <Table label={label}>
        <thead>
          <tr>
            <TableHead>{head}</TableHead>
            <TableHead numeric>Calls</TableHead>
            <TableHead numeric>Cost</TableHead>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TableRow key={row.key}>
              <TableCell className="w-full max-w-0 truncate">{row.name}</TableCell>
              <TableCell numeric>{formatCount(row.call_count)}</TableCell>
              <TableCell numeric>
                <CostFigure cost={row} />
              </TableCell>
            </TableRow>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
