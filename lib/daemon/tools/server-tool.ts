/** Tools that the server does itself, and the ledger that keeps those with effects from being done twice. */
import type { Sql, TransactionSql } from "postgres";
import type { z } from "zod";
import { beginToolExecution, finishToolExecutions, listFinishedExecutions } from "@/db/queries/tool-executions";
import { errorOutcome, outcomeUnknown, type Tool, type ToolDefinition, type ToolRun } from "@/lib/agent/tools/tool";
import { isApiError } from "@/lib/contract/errors";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import { failpoint } from "@/lib/failpoint";

export type ServerToolRun = ToolRun & {
  /**
   * Writes the outcome in the transaction of the effect, so that neither exists without the other: when another runner
   * has had the effect meanwhile it throws, and nothing of this one stays. Without it the outcome is written when the
   * tool has returned.
   */
  record(tx: TransactionSql, outcome: ToolOutcome): Promise<void>;
};

/**
 * `effect` decides what happens to a call that may have been begun before: `pure` is done again, without a trace in the
 * ledger; `idempotent` (a unique row, or an effect that is recorded in its transaction) is done again unless its
 * outcome is known; `effectful` is never done again: its outcome is known, or unknown for good.
 */
export type ServerTool = ToolDefinition & { run(run: ServerToolRun): Promise<ToolOutcome> };

/** A tool whose arguments have the types of its definition. */
export function serverTool<Definition extends ToolDefinition>(
  definition: Definition,
  run: (args: z.output<Definition["args"]>, options: ServerToolRun) => Promise<ToolOutcome>,
): ServerTool {
  return { ...definition, run: (options) => run(options.args as z.output<Definition["args"]>, options) };
}

export const success = (result: unknown): ToolOutcome => ({ result, is_error: false });

/** Ends the transaction of an effect that another runner has had already. */
class DoneElsewhere extends Error {}

/** The tool with its ledger, for one chat. What it refuses (an `ApiError`) is told to the model in its words. */
export function withLedger(tool: ServerTool, { sql, chatId }: { sql: Sql; chatId: string }): Tool {
  const runTool: ServerTool["run"] = (run) => tool.run(run).catch(refusal);
  const record = (executor: Sql | TransactionSql, toolCallId: string, outcome: ToolOutcome) =>
    finishToolExecutions(executor, { chatId, finished: [{ toolCallId, outcome }] });
  const runOnce: Tool["run"] = async (run) => {
    const toolCallId = run.call.tool_call_id;
    const begun = await failpoint("ledger.begin", () => beginToolExecution(sql, { chatId, toolCallId }));
    if (!begun.isNew && begun.outcome) return begun.outcome;
    if (!begun.isNew && tool.effect === "effectful") return outcomeUnknown("the server stopped while it ran");
    let isRecorded = false;
    const outcome = await runTool({
      ...run,
      record: async (tx, settled) => {
        if ((await record(tx, toolCallId, settled)) === 0) throw new DoneElsewhere(toolCallId);
        isRecorded = true;
      },
    }).catch(async (error) => {
      if (!(error instanceof DoneElsewhere)) throw error;
      const known = await listFinishedExecutions(sql, { chatId, toolCallIds: [toolCallId] });
      return known.get(toolCallId) ?? outcomeUnknown("another runner did it");
    });
    if (!isRecorded) await failpoint("ledger.end", () => record(sql, toolCallId, outcome));
    return outcome;
  };
  return { ...tool, run: tool.effect === "pure" ? (run) => runTool({ ...run, record: async () => {} }) : runOnce };
}

function refusal(error: unknown): ToolOutcome {
  if (isApiError(error)) return errorOutcome(error.message);
  throw error;
}
