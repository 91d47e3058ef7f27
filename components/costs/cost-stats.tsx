import { formatCount, formatExactMoney, formatMoney, formatShare, formatTokens } from "@/lib/format";
import { StatStrip } from "./stat-strip";

type Totals = {
  total_cost_micros: number;
  unpriced_call_count: number;
  message_count: number;
  total_input_tokens: number;
  total_output_tokens: number;
  total_cache_read_tokens: number;
  total_cache_creation_tokens: number;
};

type CostStatsProps = {
  totals: Totals;
  /** Of how many chats, or people. */
  messagesNote: string;
  dayCount: number;
};

/** The six figures of a range. */
export function CostStats({ totals, messagesNote, dayCount }: CostStatsProps) {
  const { total_cost_micros: cost, total_cache_read_tokens: read } = totals;
  const prompt = totals.total_input_tokens + read + totals.total_cache_creation_tokens;
  const tokens = (label: string, count: number, note = "tokens") => ({
    label,
    figure: formatTokens(count),
    note,
    exact: `${formatCount(count)} tokens`,
  });
  const isUnknown = cost === 0 && totals.unpriced_call_count > 0;
  return (
    <StatStrip
      label="Totals"
      stats={[
        {
          label: "Total Cost",
          figure: isUnknown ? "Unpriced" : formatMoney(cost),
          note: isUnknown ? "no price is known" : `${formatMoney(cost / dayCount)} a day`,
          exact: isUnknown ? "Unpriced" : formatExactMoney(cost),
        },
        tokens("Input", totals.total_input_tokens),
        tokens("Output", totals.total_output_tokens),
        tokens("Cache Read", read, prompt > 0 ? `${formatShare(read / prompt)} of all input` : "tokens"),
        tokens("Cache Write", totals.total_cache_creation_tokens),
        {
          label: "Messages",
          figure: formatCount(totals.message_count),
          note: messagesNote,
          exact: `${formatCount(totals.message_count)} answers of models`,
        },
      ]}
    />
  );
}
