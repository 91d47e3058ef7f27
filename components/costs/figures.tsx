import { formatCount, formatExactMoney, formatMoney } from "@/lib/format";
import { Badge } from "../ui/badge";

type Cost = { total_cost_micros: number; unpriced_call_count: number };

/** Nothing of it is known: calls were made and none has a price. */
export const isUnpriced = ({ total_cost_micros, unpriced_call_count }: Cost): boolean =>
  total_cost_micros === 0 && unpriced_call_count > 0;

/** A cost with its last digit on hover; without any price it says so. */
export function CostFigure({ cost }: { cost: Cost }) {
  if (isUnpriced(cost)) return <Badge tone="warning">Unpriced</Badge>;
  const more = cost.unpriced_call_count > 0 ? `, and ${formatCount(cost.unpriced_call_count)} unpriced calls` : "";
  return (
    <span title={`${formatExactMoney(cost.total_cost_micros)}${more}`} className="font-medium text-ink">
      {formatMoney(cost.total_cost_micros)}
    </span>
  );
}
