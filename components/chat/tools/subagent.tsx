"use client";

import clsx from "clsx";
import { Bot, Clock, ExternalLink, Monitor, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Tooltip } from "@/components/ui/tooltip";
import type { Chat } from "@/lib/contract/chats";
import { formatClock } from "@/lib/format";
import { isStuckNow } from "../../agents-sidebar/subagent-deadline";
import { Link } from "../../ui/link";
import { useNowPart } from "../../ui/now";
import { Markdown } from "../parts/markdown";
import {
  type Deadline,
  readDeadline,
  readSubagentCall,
  type SubagentCall,
  type SubagentPhase,
  stuckText,
  subagentPhase,
} from "../subagent-data";
import { useListedChat } from "../use-listed-chat";
import { useSecond } from "../use-second";
import type { ToolCall } from "./tool-call";
import { ToolCard, ToolErrorBody } from "./tool-card";

/** A subagent that was started: what it does now and how much of its time is gone, live. */
export function SpawnAgentTool({ call }: { call: ToolCall }) {
  const facts = readSubagentCall(call.args, call.result);
  const child = useListedChat(facts.childId ?? "");
  const isStuck = useNowPart((nowMs) => child !== undefined && isStuckNow(child, nowMs));
  // Until it has a name there is nothing to show.
  if (facts.title === "" && facts.prompt === "" && call.state === "running") return null;
  const phase = child ? subagentPhase({ status: child.status, stuck: isStuck }) : spawnPhase(call, facts);
  const isDesktop = call.toolName === "spawn_computer_use_agent";
  return (
    <ToolCard
      icon={phase === "stuck" ? Clock : isDesktop ? Monitor : Bot}
      iconClassName={ICON_COLOURS[phase]}
      state={phase === "failed" ? "failed" : "done"}
      verb={child?.title ?? (facts.title || "Subagent")}
      isTitle
      note={describeDoing({ phase, child })}
      meta={<SubagentMeta phase={phase} child={child} />}
      action={facts.childId ? <OpenChild chatId={facts.childId} /> : null}
      defaultOpen={call.state === "failed"}
    >
      {call.state === "failed" ? <ToolErrorBody result={call.result} /> : <PromptBody text={facts.prompt} />}
    </ToolCard>
  );
}

/** What is known of a child that is not in the list, an archived one for example. */
function spawnPhase(call: ToolCall, facts: SubagentCall): SubagentPhase {
  if (call.state === "failed") return "failed";
  if (facts.status === "stuck") return "stuck";
  return call.state === "running" || call.state === "waiting" ? "working" : "done";
}

const ICON_COLOURS = {
  working: "text-accent",
  stuck: "text-warning",
  asking: "text-warning",
  done: "text-ink-3",
  stopped: "text-ink-3",
  failed: "text-danger",
} satisfies Record<SubagentPhase, string>;

/** Null: there is nothing to say, and a card keeps no room for it. */
function describeDoing({ phase, child }: { phase: SubagentPhase; child: Chat | undefined }): ReactNode {
  const failure = phase === "failed" ? child?.last_error?.message : undefined;
  const doing = child?.progress?.doing;
  if (failure) return <span className="text-danger">{failure}</span>;
  if (phase === "stuck" && doing) return `Last step: ${doing}`;
  if (phase === "working" && doing) return doing;
  return child?.last_turn_summary && phase === "done" ? child.last_turn_summary : null;
}

function SubagentMeta({ phase, child }: { phase: SubagentPhase; child: Chat | undefined }) {
  const deadline = child && readDeadline(child);
  if (phase === "working") return deadline ? <DeadlineBar deadline={deadline} /> : <span>Working</span>;
  if (phase === "stuck") {
    return (
      <span className="flex items-center gap-1 text-warning">
        <Clock aria-hidden className="size-3.5" />
        <StuckFor deadline={deadline} lastStepAt={child?.progress?.last_step_at ?? null} />
      </span>
    );
  }
  const words = { asking: "Needs you", done: "Done", stopped: "Stopped", failed: "Failed" };
  return <span className={phase === "asking" ? "text-warning" : undefined}>{words[phase]}</span>;
}

/** Past its deadline, or how long it has gone without a step. */
function StuckFor({ deadline, lastStepAt }: { deadline: Deadline | undefined; lastStepAt: string | null }) {
  return useNowPart((nowMs) => stuckText({ deadline, lastStepAt, nowMs }));
}

/** `0:48 of 5:00` and a bar. Ticks alone. */
function DeadlineBar({ deadline }: { deadline: Deadline }) {
  const elapsedMs = Math.max(0, useSecond() - deadline.startedAtMs);
  const percent = Math.min(100, Math.round((elapsedMs / deadline.lengthMs) * 100));
  const text = `${formatClock(elapsedMs)} of ${formatClock(deadline.lengthMs)}`;
  return (
    <span className="flex items-center gap-2" suppressHydrationWarning>
      {text}
      <span
        role="progressbar"
        aria-label="Time used"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={text}
        className="h-1 w-14 overflow-hidden rounded-full bg-n-4 max-sm:hidden"
      >
        <span
          className={clsx("block h-full rounded-full", percent < 85 ? "bg-accent-solid" : "bg-warning-solid")}
          style={{ width: `${percent}%` }}
        />
      </span>
    </span>
  );
}

function OpenChild({ chatId }: { chatId: string }) {
  return (
    <Tooltip label="Open subagent">
      <Link
        href={`/agents/${chatId}`}
        aria-label="Open subagent"
        className="inline-flex size-(--control-sm) shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink-2"
      >
        <ExternalLink aria-hidden className="size-3.5" />
      </Link>
    </Tooltip>
  );
}

function PromptBody({ text }: { text: string }) {
  if (text === "") return null;
  return (
    <div className="max-h-64 overflow-y-auto border-line border-t bg-sunken px-3 py-2">
      <Markdown text={text} isQuiet />
    </div>
  );
}

type Verbs = { running: string; done: string };
const VERBS: Record<string, Verbs> = {
  wait_agent: { running: "Waiting for", done: "Waited for" },
  message_agent: { running: "Telling", done: "Told" },
  interrupt_agent: { running: "Stopping", done: "Stopped" },
};

/** `wait_agent`, `message_agent`, `interrupt_agent`: which subagent, and what came of it. */
export function AgentCallTool({ call }: { call: ToolCall }) {
  const facts = readSubagentCall(call.args, call.result);
  const child = useListedChat(facts.childId ?? "");
  // A card without its subagent would change its face a moment later.
  if (facts.childId === undefined && call.state === "running") return null;
  const verbs = VERBS[call.toolName] ?? { running: "Asking", done: "Asked" };
  // One that is stuck may still come to an end: amber, never a success and never an error.
  const isLate = facts.status === "stuck" || facts.hasTimedOut;
  const isFailed = !isLate && (call.state === "failed" || facts.status === "error");
  return (
    <ToolCard
      icon={isLate ? Clock : isFailed ? TriangleAlert : Bot}
      iconClassName={isLate ? "text-warning" : undefined}
      state={isFailed ? "failed" : call.state === "failed" ? "done" : call.state}
      verb={call.state === "running" ? verbs.running : verbs.done}
      note={<span className="text-ink">{child?.title ?? (facts.title || "a subagent")}</span>}
      meta={callMeta(call, facts)}
      action={facts.childId ? <OpenChild chatId={facts.childId} /> : null}
      defaultOpen={call.state === "failed"}
    >
      {callBody(call, facts)}
    </ToolCard>
  );
}

function callMeta(call: ToolCall, facts: SubagentCall): ReactNode {
  if (call.state === "running") return <span className="text-accent">Waiting</span>;
  if (call.state === "lost") return "No result";
  if (facts.status === "stuck") return <span className="text-warning">Stuck</span>;
  if (facts.hasTimedOut)
    return (
      <span className="text-warning">
        Still working<span className="max-sm:hidden"> when the time was up</span>
      </span>
    );
  return facts.status === "interrupted" ? "Was stopped" : null;
}

function callBody(call: ToolCall, facts: SubagentCall): ReactNode {
  if (call.state === "failed" && !facts.report) return <ToolErrorBody result={call.result} />;
  const text = facts.report || facts.prompt;
  return text === "" ? null : <PromptBody text={text} />;
}
