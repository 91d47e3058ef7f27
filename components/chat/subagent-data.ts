import type { Chat, ChatStatus } from "@/lib/contract/chats";
import { formatClock } from "@/lib/format";
import { fieldsOf, numberOf, textOf } from "./tool-data";

/** What a call about a subagent says of it. A wrong shape reads as absent. */
export type SubagentCall = {
  childId: string | undefined;
  title: string;
  prompt: string;
  /** What it reported; what was said to it, for a message. */
  report: string;
  status: string | undefined;
  /** It still worked when the waiting was over. */
  hasTimedOut: boolean;
};

export function readSubagentCall(args: unknown, result: unknown): SubagentCall {
  const asked = fieldsOf(args);
  const got = fieldsOf(result);
  const status = textOf(got.status);
  return {
    childId: textOf(got.chat_id) ?? textOf(asked.chat_id),
    title: textOf(asked.title) ?? textOf(got.title) ?? "",
    prompt: textOf(asked.prompt) ?? textOf(asked.message) ?? "",
    report: textOf(got.report) ?? textOf(got.summary) ?? "",
    status,
    hasTimedOut: got.timed_out === true,
  };
}

export type ListedAgent = { id: string; title: string; status: string; doing: string | undefined };

export function readAgents(result: unknown): ListedAgent[] {
  const list = Array.isArray(result) ? result : fieldsOf(result).agents;
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const fields = fieldsOf(entry);
    const id = textOf(fields.chat_id) ?? textOf(fields.id);
    if (id === undefined) return [];
    const doing = textOf(fields.doing) ?? textOf(fieldsOf(fields.progress).doing);
    return [{ id, title: textOf(fields.title) ?? id, status: textOf(fields.status) ?? "", doing }];
  });
}

export type SubagentPhase = "working" | "stuck" | "done" | "failed" | "stopped" | "asking";

/** How a subagent stands; one past its deadline is never told as done. */
export function subagentPhase(child: Pick<Chat, "status"> & { stuck?: boolean }): SubagentPhase {
  if (child.stuck) return "stuck";
  return PHASES[child.status];
}

const PHASES = {
  pending: "working",
  running: "working",
  interrupting: "working",
  paused: "asking",
  completed: "done",
  waiting: "stopped",
  error: "failed",
} satisfies Record<ChatStatus, SubagentPhase>;

/** Why a subagent counts as stuck: past its deadline, or long without a step. */
export function stuckText(options: {
  deadline: Deadline | undefined;
  lastStepAt: string | null;
  nowMs: number;
}): string {
  const { deadline, nowMs } = options;
  if (deadline && deadline.startedAtMs + deadline.lengthMs <= nowMs) return `Past ${formatClock(deadline.lengthMs)}`;
  const silentMs = nowMs - Date.parse(options.lastStepAt ?? "");
  return silentMs >= 60_000 ? `No step for ${Math.floor(silentMs / 60_000)} min` : "Stuck";
}

export type Deadline = { startedAtMs: number; lengthMs: number };

/** Undefined: it has none. */
export function readDeadline(child: {
  deadline_at?: string | null;
  deadline_seconds?: number | null;
}): Deadline | undefined {
  const lengthMs = (numberOf(child.deadline_seconds) ?? 0) * 1000;
  const endsAtMs = Date.parse(child.deadline_at ?? "");
  return lengthMs > 0 && Number.isFinite(endsAtMs) ? { startedAtMs: endsAtMs - lengthMs, lengthMs } : undefined;
}
