import { isBusy } from "@/lib/contract/chat-status";
import type { Chat } from "@/lib/contract/chats";
import { readDeadline } from "../chat/subagent-data";

const MINUTE_MS = 60_000;

type Agent = Pick<Chat, "status" | "pause_reason" | "stuck" | "deadline_at" | "deadline_seconds">;

/** Whether it is stuck: as the server said, or since a deadline that passed without an event. */
export function isStuckNow(agent: Agent, nowMs: number): boolean {
  const isActive = agent.status === "paused" || isBusy(agent.status, agent.pause_reason);
  return isActive && (agent.stuck || Date.parse(agent.deadline_at ?? "") <= nowMs);
}

/** The title of a stuck subagent of a root that does not show its own; undefined when none is. */
export function findStuckTitle(root: { children: readonly (Agent & { title: string })[] }, nowMs: number) {
  return root.children.find((child) => isStuckNow(child, nowMs))?.title;
}

/** `3m of 30m` while it works or is stuck; null for one that rests or has no deadline. */
export function elapsedText(agent: Agent, nowMs: number): string | null {
  const deadline = readDeadline(agent);
  if (!deadline || !(isBusy(agent.status, agent.pause_reason) || isStuckNow(agent, nowMs))) return null;
  const minutes = (ms: number) => `${Math.max(0, Math.floor(ms / MINUTE_MS))}m`;
  return `${minutes(nowMs - deadline.startedAtMs)} of ${minutes(deadline.lengthMs)}`;
}
