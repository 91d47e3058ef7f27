/** Answers to the calls that a paused chat waits for: a person's, the caller's, or an error once the caller is given up. */

import type { z } from "zod";
import { isAnswerOverdue, setPlanMode } from "@/db/queries/chat-answers";
import { ApiError, type Validation } from "@/lib/contract/errors";
import type { PlanAnswer, toolResultsSchema } from "@/lib/contract/tools";
import { planAnswerSchema } from "@/lib/contract/tools";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import type { Change } from "./change";
import { illegal } from "./illegal";
import { listOpenCalls, type OpenCall, toResult } from "./open-calls";
import { type ChatWriter, transition } from "./transition";

type Given = z.output<typeof toolResultsSchema>["results"];
type Waiting = Awaited<ReturnType<typeof listOpenCalls>>;

/**
 * Gives every outstanding call its result, once each: the step becomes a row, in call order, and the chat goes on. An
 * approved plan ends plan mode.
 * @throws ApiError `not_found`, `conflict` for a chat that waits for no answer, `unprocessable` for an id that is
 * unknown, missing or there twice, or an answer to a plan that is none.
 */
export async function submitToolResults(
  writer: ChatWriter,
  { chatId, ownerId, results }: { chatId: string; ownerId: string; results: Given },
): Promise<void> {
  await transition(writer, {
    chatId,
    ownerId,
    event: "resume",
    write: async (change) => {
      const { pauseReason } = change.chat;
      if (pauseReason === null || pauseReason === "spend_limit") throw illegal(change.chat, "resume");
      const waiting = await listOpenCalls(change);
      const outcomes = matchResults(waiting, results);
      await commitStep(change, waiting, (call) => outcomes.get(call.tool_call_id));
      if (waiting.some(({ call }) => isApproval(call, outcomes))) {
        await setPlanMode(change.tx, { chatId, planMode: false });
      }
    },
  });
}

/** What the model reads when the caller did not answer in time. */
const NO_ANSWER = "The caller gave no result within five minutes. Whether it did anything is unknown.";

/**
 * Answers the calls of a chat whose caller is given up with an error.
 * @throws ApiError `conflict` when the chat was answered meanwhile.
 */
export async function expireToolResults(writer: ChatWriter, { chatId }: { chatId: string }): Promise<void> {
  await transition(writer, {
    chatId,
    event: "resume",
    write: async (change) => {
      const isOverdue = change.chat.pauseReason === "tool_results" && (await isAnswerOverdue(change.tx, { chatId }));
      if (!isOverdue) throw illegal(change.chat, "resume");
      await commitStep(change, await listOpenCalls(change), () => ({ result: NO_ANSWER, is_error: true }));
    },
  });
}

/** The step is whole: its row, and the steers that wait at its boundary. */
async function commitStep(
  change: Change,
  waiting: Waiting,
  answer: (call: OpenCall) => ToolOutcome | undefined,
): Promise<void> {
  const parts = waiting.flatMap(({ call, outcome }) => {
    const known = outcome ?? answer(call);
    return known ? [toResult(call, known)] : [];
  });
  if (parts.length > 0) await change.insert({ role: "tool", parts });
  if (change.chat.queueCount > 0) await change.promote({ withHead: false });
}

/** By call id. Pure. */
export function matchResults(waiting: Waiting, results: Given): Map<string, ToolOutcome> {
  const outstanding = new Map(waiting.flatMap(({ call, outcome }) => (outcome ? [] : [[call.tool_call_id, call]])));
  const outcomes = new Map<string, ToolOutcome>();
  const problems: Validation[] = [];
  for (const [index, { tool_call_id: id, output, is_error }] of results.entries()) {
    const problem = problemOf({ call: outstanding.get(id), isTwice: outcomes.has(id), id, output, isError: is_error });
    if (problem) problems.push({ field: `results.${index}.${problem.field}`, detail: problem.detail });
    else outcomes.set(id, { result: output, is_error });
  }
  const missing = [...outstanding.keys()].filter((id) => !results.some((result) => result.tool_call_id === id));
  if (missing.length > 0) {
    problems.push({ field: "results", detail: `No result for ${missing.map((id) => `"${id}"`).join(", ")}.` });
  }
  if (problems.length === 0) return outcomes;
  const waits = `It waits for ${[...outstanding.keys()].map((id) => `"${id}"`).join(", ")}, each once.`;
  throw new ApiError("unprocessable", `These results do not fit the agent. ${problems[0]?.detail} ${waits}`, {
    validations: problems,
  });
}

type Answered = { call: OpenCall | undefined; isTwice: boolean; id: string; output: unknown; isError: boolean };

function problemOf({ call, isTwice, id, output, isError }: Answered): Validation | undefined {
  if (!call) return { field: "tool_call_id", detail: `The agent does not wait for a call "${id}".` };
  if (isTwice) return { field: "tool_call_id", detail: `The call "${id}" is answered twice.` };
  if (call.tool_name !== "propose_plan" || isError || planAnswerSchema.safeParse(output).success) return undefined;
  return {
    field: "output",
    detail: 'A plan is answered by {"approved": true} or {"approved": false, "feedback": "…"}.',
  };
}

const isApproval = (call: OpenCall, outcomes: Map<string, ToolOutcome>): boolean => {
  const outcome = outcomes.get(call.tool_call_id);
  return call.tool_name === "propose_plan" && !outcome?.is_error && (outcome?.result as PlanAnswer)?.approved === true;
};
