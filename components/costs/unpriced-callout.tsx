import type { CostSummary } from "@/lib/contract/costs";
import { formatCount } from "@/lib/format";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Link } from "../ui/link";

/** How many answers have no price, and of which models. Nothing when all have one. */
export function UnpricedCallout({ summary, isAdmin }: { summary: CostSummary; isAdmin: boolean }) {
  const { unpriced_message_count: messages, unpriced_call_count: calls } = summary;
  if (calls === 0) return null;
  const isMessages = messages > 0;
  const count = isMessages ? messages : calls;
  const what = `${isMessages ? "message" : "call"}${count === 1 ? " has" : "s have"}`;
  const names = summary.by_model.filter((model) => model.unpriced_call_count > 0).map((model) => model.display_name);
  return (
    <Callout
      tone="warning"
      title={`${formatCount(count)} ${what} no price, so the total is too low`}
      action={
        isAdmin ? (
          <Button asChild>
            <Link href="/admin/models">Set price</Link>
          </Button>
        ) : undefined
      }
    >
      {names.length === 1 ? `Of the model ${names[0]}.` : `Of the models ${names.join(", ")}.`}{" "}
      {isAdmin
        ? "Set a price, or 0 if it is free: calls from then on are priced, as far as the provider says what they used."
        : "An administrator can set a price for calls from then on."}
    </Callout>
  );
}
