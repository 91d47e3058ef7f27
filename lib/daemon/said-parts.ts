/** What an answer that was never committed had said, as its checkpoints tell. Reads only. */
import type { SqlExecutor } from "@/db/client";
import { SUMMARY_TOOL } from "@/lib/agent/summary";
import type { StoredPart } from "@/lib/contract/messages";
import { findCheckpointedParts } from "@/lib/streams/checkpoints";

/** Empty when nothing was said, or only a summary: that is no part of an answer. */
export async function findSaidParts(
  sql: SqlExecutor,
  step: { chatId: string; historyVersion: number },
): Promise<StoredPart[]> {
  const said = await findCheckpointedParts(sql, step);
  return (said?.parts ?? []).filter((part) => !(part.type === "tool-call" && part.tool_name === SUMMARY_TOOL));
}
