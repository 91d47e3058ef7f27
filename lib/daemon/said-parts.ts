/** What a step that was never committed had said and found out, as its checkpoints tell. Reads only. */
import type { SqlExecutor } from "@/db/client";
import { SUMMARY_TOOL } from "@/lib/agent/summary";
import type { StoredPart } from "@/lib/contract/messages";
import { findCheckpointedParts } from "@/lib/streams/checkpoints";

export type SaidParts = {
  /** Of an answer. Empty when nothing was said, or only a summary: that is no part of an answer. */
  answer: StoredPart[];
  /** Of calls that had ended while others of their step ran. */
  results: StoredPart[];
};

export async function findSaidParts(
  sql: SqlExecutor,
  step: { chatId: string; historyVersion: number },
): Promise<SaidParts> {
  const parts = (await findCheckpointedParts(sql, step))?.parts ?? [];
  const isSummary = (part: StoredPart) => part.type === "tool-call" && part.tool_name === SUMMARY_TOOL;
  return {
    answer: parts.filter((part) => part.type !== "tool-result" && !isSummary(part)),
    results: parts.filter((part) => part.type === "tool-result"),
  };
}
