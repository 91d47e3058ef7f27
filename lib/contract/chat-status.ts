/** What a chat's run is doing. No schema and no zod here: this is what the browser loads of it. */

export const CHAT_STATUSES = ["waiting", "pending", "running", "interrupting", "paused", "completed", "error"] as const;
export type ChatStatus = (typeof CHAT_STATUSES)[number];

export const PAUSE_REASONS = ["question", "plan", "tool_results", "spend_limit"] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** Of a pull request, as its host says; a draft is an open one. */
export const PULL_REQUEST_STATES = ["open", "closed", "merged"] as const;

/** What a subagent is made for. `explore` only reads. */
export const AGENT_TYPES = ["general", "explore", "computer_use"] as const;
export type AgentType = (typeof AGENT_TYPES)[number];

/** Whether a message sent now queues instead of starting a turn (`ARCHITECTURE.md`, state table). */
export const isBusy = (status: ChatStatus, pauseReason: PauseReason | null): boolean =>
  status === "pending" ||
  status === "running" ||
  status === "interrupting" ||
  (status === "paused" && (pauseReason === "tool_results" || pauseReason === "spend_limit"));
