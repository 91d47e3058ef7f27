/** What a step that was never committed had said and found out, as its checkpoints tell. Reads only. */
import type { SqlExecutor } from "@/db/client";
import { findCheckpointedAttempt, listCheckpointedFrames } from "@/db/queries/part-checkpoints";
import { type FoldedPart, foldPart, type Printed, printedSoFar, settleParts } from "@/lib/contract/fold-parts";
import type { StoredPart } from "@/lib/contract/messages";
import { SUMMARY_TOOL } from "@/lib/contract/tools";

export type SaidParts = {
  /** Of an answer. Empty when nothing was said, or only a summary: that is no part of an answer. */
  answer: StoredPart[];
  /** Of calls that had ended while others of their step ran. */
  results: StoredPart[];
  /** By calls that had not. */
  printed: Printed;
};

type Step = { chatId: string; historyVersion: number };

/** Of the newest attempt at this history version. */
export async function findSaidParts(sql: SqlExecutor, step: Step): Promise<SaidParts> {
  const folded = await findCheckpointedParts(sql, step);
  const parts: StoredPart[] = settleParts(folded);
  const isSummary = (part: StoredPart) => part.type === "tool-call" && part.tool_name === SUMMARY_TOOL;
  return {
    answer: parts.filter((part) => part.type !== "tool-result" && !isSummary(part)),
    results: parts.filter((part) => part.type === "tool-result"),
    printed: printedSoFar(folded),
  };
}

async function findCheckpointedParts(sql: SqlExecutor, step: Step): Promise<FoldedPart[]> {
  const attempt = await findCheckpointedAttempt(sql, step);
  if (attempt === undefined) return [];
  const frames = await listCheckpointedFrames(sql, { ...step, attempt, afterSeq: 0 });
  let folded: FoldedPart[] = [];
  for (const [index, frame] of frames.entries()) {
    // A gap: what follows does not belong to what came before.
    if (frame.seq !== index + 1) break;
    folded = foldPart(folded, frame.role, frame.part);
  }
  return folded;
}
