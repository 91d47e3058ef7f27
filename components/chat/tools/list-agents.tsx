"use client";

import { Bot } from "lucide-react";
import { formatPlural } from "@/lib/format";
import { Link } from "../../ui/link";
import { readAgents } from "../subagent-data";
import type { ToolCall } from "./tool-call";
import { ToolCard, ToolErrorBody, ToolFootRow } from "./tool-card";

/** The subagents of this chat, as the agent saw them. */
export function ListAgentsTool({ call }: { call: ToolCall }) {
  const agents = readAgents(call.result);
  return (
    <ToolCard
      icon={Bot}
      state={call.state}
      verb={call.state === "running" ? "Listing subagents" : "Listed subagents"}
      meta={call.state === "done" ? (agents.length === 0 ? "None" : formatPlural(agents.length, "subagent")) : null}
      defaultOpen={call.state === "failed"}
    >
      {call.state === "failed" ? <ToolErrorBody result={call.result} /> : null}
      {agents.length === 0
        ? null
        : agents.map((agent) => (
            <ToolFootRow key={agent.id}>
              <Link href={`/agents/${agent.id}`} className="min-w-0 shrink-0 truncate text-ink-2 hover:text-ink">
                {agent.title}
              </Link>
              <span className="min-w-0 flex-1 truncate">{agent.doing}</span>
              <span>{agent.status}</span>
            </ToolFootRow>
          ))}
    </ToolCard>
  );
}
