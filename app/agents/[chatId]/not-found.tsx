import { AgentsLink } from "@/components/agents-sidebar/agents-link";
import { NoChat } from "@/components/chat/no-chat";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";

export default function ChatNotFound() {
  return (
    <NoChat>
      <EmptyState
        title="No agent at this address"
        hint="It does not exist, or it belongs to somebody else. Agents that were archived are still there, under Archived."
        action={
          <span className="flex flex-wrap gap-2">
            <Button asChild className="max-sm:hidden">
              <AgentsLink href="/agents">New agent</AgentsLink>
            </Button>
            <Button asChild className="sm:hidden pointer-coarse:h-11">
              <AgentsLink href="/agents">Back to agents</AgentsLink>
            </Button>
            <Button asChild variant="ghost" className="pointer-coarse:h-11">
              <Link href="/agents?archived=true">Archived agents</Link>
            </Button>
          </span>
        }
        className="w-full max-w-88"
      />
    </NoChat>
  );
}
