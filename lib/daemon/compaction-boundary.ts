/** The rows that a compaction writes, from the prompt that it replaces. Pure. */
import type { HistoryRow } from "@/db/queries/chat-history";
import { summaryText } from "@/lib/agent/summary";
import type { NewSummary } from "@/lib/agent/types";
import type { Boundary } from "@/lib/chats/change";
import type { StoredPart } from "@/lib/contract/messages";
import { partsText } from "@/lib/contract/parts-text";
import { SUMMARY_TOOL } from "@/lib/contract/tools";

type Options = {
  made: NewSummary;
  /** The prompt. */
  rows: readonly HistoryRow[];
  /** Of the chat's first message, which may be behind an earlier summary. */
  first: StoredPart[];
  callId: string;
};

export function createBoundary({ made, rows, first, callId }: Options): Boundary {
  const { summary, source, tokens, bounds } = made;
  const facts = { summary, goal: partsText(first), latest: partsText(latestAnswered(rows)?.parts ?? first) };
  return {
    summary: [{ type: "text", text: summaryText(facts) }],
    replayedMessageIds: unansweredMessages(rows).map(({ id }) => id),
    call: { type: "tool-call", tool_call_id: callId, tool_name: SUMMARY_TOOL, args: { source } },
    result: {
      type: "tool-result",
      tool_call_id: callId,
      tool_name: SUMMARY_TOOL,
      result: {
        summary,
        source,
        threshold_percent: bounds.thresholdPercent,
        usage_percent: Math.round((tokens / bounds.limitTokens) * 100),
        context_tokens: tokens,
        context_limit_tokens: bounds.limitTokens,
      },
      is_error: false,
    },
  };
}

/** Messages that no answer follows yet, in the order they came in. */
export function unansweredMessages(rows: readonly HistoryRow[]): HistoryRow[] {
  const lastWork = rows.findLastIndex(({ role }) => role === "assistant" || role === "tool");
  return rows.slice(lastWork + 1).filter(({ role, isSummary }) => role === "user" && !isSummary);
}

/** The message that the work so far was about. */
function latestAnswered(rows: readonly HistoryRow[]): HistoryRow | undefined {
  const unanswered = new Set(unansweredMessages(rows));
  return rows.findLast((row) => row.role === "user" && !row.isSummary && !unanswered.has(row));
}
