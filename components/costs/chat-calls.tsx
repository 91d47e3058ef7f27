"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { costsClient, errorText } from "@/lib/contract/client";
import type { CallKind, ChatCall } from "@/lib/contract/costs";
import { formatExactMoney, formatMoney, formatTokens } from "@/lib/format";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { RelativeTime } from "../ui/relative-time";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";

const LABELS = {
  step: "Step",
  attempt: "Failed attempt",
  title: "Title",
  summary: "Turn summary",
  compaction: "Compaction",
} satisfies Record<CallKind, string>;

const PAGE_SIZE = 20;

/** Every paid call, newest first, with what it used and the model that answered. */
export function ChatCalls({ chatId, refetchInterval }: { chatId: string; refetchInterval: number | false }) {
  const query = useInfiniteQuery({
    queryKey: ["chat-calls", chatId],
    queryFn: ({ pageParam, signal }) =>
      costsClient.chatCalls(chatId, { limit: PAGE_SIZE, ...(pageParam && { before_id: pageParam }) }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (page) => (page.has_more ? page.calls.at(-1)?.id : undefined),
    refetchOnMount: "always",
    refetchInterval,
  });
  const calls = query.data?.pages.flatMap((page) => page.calls) ?? [];
  return (
    <div>
      <h2 className="mb-2 font-semibold text-ink">Calls</h2>
      {query.isError ? (
        <Callout tone="danger" title="The calls did not load">
          {errorText(query.error)}
        </Callout>
      ) : null}
      {calls.length > 0 ? <CallTable calls={calls} /> : null}
      {query.hasNextPage ? (
        <Button
          variant="ghost"
          className="mt-2"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
    </div>
  );
}

function CallTable({ calls }: { calls: readonly ChatCall[] }) {
  return (
    <Table label="Calls">
      <thead>
        <tr>
          <TableHead>Call</TableHead>
          <TableHead numeric>Tokens</TableHead>
          <TableHead numeric>Cost</TableHead>
          <TableHead numeric>When</TableHead>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => (
          <TableRow key={call.id}>
            <TableCell className="w-full max-w-0 truncate">
              {LABELS[call.kind]} <span className="text-ink-3">{call.model}</span>
            </TableCell>
            <TableCell
              numeric
            >{`${formatTokens(promptTokens(call))} in, ${formatTokens(call.output_tokens)} out`}</TableCell>
            <TableCell numeric>
              {call.cost_micros === null ? (
                <Badge tone="warning">Unpriced</Badge>
              ) : (
                <span title={formatExactMoney(call.cost_micros)}>{formatMoney(call.cost_micros)}</span>
              )}
            </TableCell>
            <TableCell numeric>
              <RelativeTime at={call.created_at} />
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

const promptTokens = ({ input_tokens, cache_read_tokens, cache_creation_tokens }: ChatCall): number | null =>
  input_tokens === null ? null : input_tokens + (cache_read_tokens ?? 0) + (cache_creation_tokens ?? 0);
