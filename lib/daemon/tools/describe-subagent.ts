/** What the model is told of a subagent. Pure. */
import type { Subagent } from "@/db/queries/subagents";
import type { ChatStatus } from "@/lib/contract/chats";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";

/** Beyond it a report would crowd out everything else; the whole is in the subagent's chat. */
const MAX_REPORT_CHARACTERS = 65_536;

/** It will do nothing more by itself. `waiting` is the end of an interruption. */
export const isSettled = (status: ChatStatus): boolean =>
  status === "completed" || status === "waiting" || status === "error" || status === "paused";

/** Identity and state, as `list_agents` shows them. */
export function describeSubagent(subagent: Subagent) {
  const { chatId, title, agentType, status, stuck, activity, lastStepAt, deadlineAt, elapsedSeconds } = subagent;
  return {
    chat_id: chatId,
    title,
    type: agentType,
    status: stuck ? "stuck" : status === "waiting" ? "interrupted" : status,
    ...(!isSettled(status) && {
      doing: activity,
      last_step_at: lastStepAt,
      elapsed_seconds: elapsedSeconds,
      deadline_at: deadlineAt,
    }),
  };
}

/** How a wait ended: the report of a completed subagent; everything else is no success. */
export function describeEnd(subagent: Subagent, lastAnswer: string): ToolOutcome {
  const state = describeSubagent(subagent);
  const report = cut(lastAnswer);
  const said = report ? { report } : {};
  switch (subagent.status) {
    case "completed":
      return { result: { ...state, report }, is_error: false };
    case "error": {
      const { kind, message, retryable } = subagent.lastError ?? {};
      return { result: { ...state, last_error: { kind, message, retryable }, ...said }, is_error: true };
    }
    case "waiting":
      return failure(state, "It was interrupted before it had finished; its task is not done.", said);
    case "paused":
      return failure({ ...state, pause_reason: subagent.pauseReason }, whyPaused(subagent), said);
    default:
      return subagent.stuck ? failure(state, whyStuck(subagent)) : stillBusy(state);
  }
}

const stillBusy = (state: object): ToolOutcome => ({
  result: { ...state, timed_out: true, message: "It is still at work and goes on." },
  is_error: false,
});

const failure = (state: object, message: string, said: object = {}): ToolOutcome => ({
  result: { ...state, message, ...said },
  is_error: true,
});

const whyPaused = ({ pauseReason }: Subagent): string =>
  pauseReason === "spend_limit"
    ? "It stopped at the spend limit and goes on when that is raised; its task is not done. Wait for it again."
    : "It waits for a person.";

const whyStuck = ({ pastDeadline }: Subagent): string =>
  `${pastDeadline ? "It is past its deadline" : "It has not finished a step for a long time"}; its task is not done. ` +
  "It still runs: interrupt it, give it a message, or do the work yourself.";

function cut(report: string): string {
  if (report.length <= MAX_REPORT_CHARACTERS) return report;
  return `${report.slice(0, MAX_REPORT_CHARACTERS)}\n[${report.length - MAX_REPORT_CHARACTERS} characters are left out]`;
}
