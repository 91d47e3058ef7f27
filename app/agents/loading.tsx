import { NewAgentSkeleton } from "@/components/chat/new-agent-skeleton";

export default function AgentsLoading() {
  return <NewAgentSkeleton />;
}
