import { AgentsLink } from "@/components/agents-sidebar/agents-link";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export default function ChatNotFound() {
  return (
    <div className="grid flex-1 place-items-center p-6">
      <EmptyState
        title="No agent at this address"
        hint="It does not exist, or it belongs to somebody else."
        action={
          <Button asChild>
            <AgentsLink href="/agents">New agent</AgentsLink>
          </Button>
        }
        className="w-full max-w-80"
      />
    </div>
  );
}
