/** Tool calls without a result: a person's message may never follow one, so they are answered before it. */
import { listRowsAfterLastAnswer } from "@/db/queries/chat-history";
import { listFinishedExecutions } from "@/db/queries/tool-executions";
import { interruptedResult } from "@/lib/contract/interrupted-call";
import type { StoredPart } from "@/lib/contract/messages";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import type { Change } from "./change";

export type OpenCall = Extract<StoredPart, { type: "tool-call" }>;

/** The calls of the last assistant row that no tool row after it answers, in call order. Pure. */
export function findOpenCalls(rows: readonly { role: string; parts: readonly StoredPart[] }[]): OpenCall[] {
  const last = rows.findLastIndex((row) => row.role === "assistant");
  const answered = new Set<string>();
  for (const { parts } of rows.slice(last + 1)) {
    for (const part of parts) if (part.type === "tool-result") answered.add(part.tool_call_id);
  }
  return (rows[last]?.parts ?? []).filter(
    (part): part is OpenCall => part.type === "tool-call" && !answered.has(part.tool_call_id),
  );
}

/** The open calls of a chat with what the ledger knows of them. */
export async function listOpenCalls(change: Change): Promise<{ call: OpenCall; outcome: ToolOutcome | undefined }[]> {
  const { tx, chat } = change;
  const calls = findOpenCalls(await listRowsAfterLastAnswer(tx, { chatId: chat.id }));
  if (calls.length === 0) return [];
  const toolCallIds = calls.map((call) => call.tool_call_id);
  const finished = await listFinishedExecutions(tx, { chatId: chat.id, toolCallIds });
  return calls.map((call) => ({ call, outcome: finished.get(call.tool_call_id) }));
}

/**
 * Writes one tool row that answers every open call in call order: its known result, an error with what it had printed,
 * or the person's message.
 */
export async function failOpenCalls(change: Change, how: "fail" | "answered"): Promise<void> {
  const calls = await listOpenCalls(change);
  if (calls.length === 0) return;
  const parts = calls.map(
    ({ call, outcome }) =>
      change.results.find((result) => answers(result, call)) ??
      toResult(call, outcome ?? substitute(how, change.printed.get(call.tool_call_id))),
  );
  await change.insert({ role: "tool", parts });
}

/** The result part of a call. Pure. */
export const toResult = (call: OpenCall, outcome: ToolOutcome): StoredPart => ({
  type: "tool-result",
  tool_call_id: call.tool_call_id,
  tool_name: call.tool_name,
  ...outcome,
  ...(call.provider_tool_call_id ? { provider_tool_call_id: call.provider_tool_call_id } : {}),
});

const answers = (part: StoredPart, call: OpenCall): boolean =>
  part.type === "tool-result" && part.tool_call_id === call.tool_call_id;

const substitute = (how: "fail" | "answered", printed?: string): ToolOutcome => ({
  result: how === "answered" ? { answered_by_message: true } : interruptedResult(printed),
  is_error: how === "fail",
});
