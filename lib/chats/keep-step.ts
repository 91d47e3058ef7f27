/** Ends a step that nobody works on any more: what it had said and found out becomes rows. */
import type { StoredPart, ToolResultPart } from "@/lib/contract/messages";
import type { Change } from "./change";
import { listOpenCalls, type OpenCall, toResult } from "./open-calls";
import { findSaidParts } from "./said-parts";

/**
 * Of a chat whose worker is gone, as the checkpoints tell. Calls that were begun and have no outcome are abandoned: they
 * may still run in the workspace.
 */
export async function keepStep(change: Change): Promise<void> {
  const { tx, chat } = change;
  const said = await findSaidParts(tx, { chatId: chat.id, historyVersion: chat.run.historyVersion });
  change.printed = said.printed;
  await abandonOpenCalls(change, said.results);
  if (said.answer.length > 0) {
    change.insertAnswer({ parts: said.answer, modelConfigId: null, runtimeMs: null, call: null });
  }
}

/** `results` are of calls that had ended; whoever fails the others uses them. */
export async function abandonOpenCalls(change: Change, results: readonly StoredPart[] = []): Promise<void> {
  const open = await listOpenCalls(change);
  change.results = open.flatMap(({ call }) => completeResult(call, results));
  const known = new Set(change.results.map((part) => part.type === "tool-result" && part.tool_call_id));
  change.abandoned = open.flatMap(({ call: { tool_call_id: id }, outcome }) => (outcome || known.has(id) ? [] : [id]));
}

/** The result as its row needs it: what was shown live lacks the provider's own id of the call. */
const completeResult = (call: OpenCall, results: readonly StoredPart[]): ToolResultPart[] =>
  results.flatMap((part) => {
    if (part.type !== "tool-result" || part.tool_call_id !== call.tool_call_id) return [];
    const { result, is_error, duration_ms } = part;
    return [toResult(call, { result, is_error, ...(duration_ms !== undefined && { duration_ms }) }) as ToolResultPart];
  });
