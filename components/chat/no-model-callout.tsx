import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { AvailableModel } from "@/lib/contract/models";
import { Link } from "../ui/link";

/** No model can be used: which of the two cases it is, and what to do. */
export function NoModelCallout({ models, isAdmin }: { models: readonly AvailableModel[]; isAdmin: boolean }) {
  const isConfigured = models.length > 0;
  const reason = models.find((model) => model.unavailable_reason)?.unavailable_reason;
  return (
    <Callout
      tone="warning"
      title={isConfigured ? "No model can be used now" : "No model is set up"}
      action={
        isAdmin ? (
          <Button size="sm" asChild>
            <Link href="/admin/models">Open models</Link>
          </Button>
        ) : undefined
      }
    >
      {reason ?? "An agent needs a model to work with."}{" "}
      {isAdmin ? "Add a provider and a model, then come back." : "Ask an administrator."}
    </Callout>
  );
}
