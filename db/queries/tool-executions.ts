/**
 * The ledger of tool calls that the server itself does, or whose results wait for their step: intent before, result
 * after, so that no crash does one twice. Decides nothing; the first result of a call stays.
 */
import type { SqlExecutor } from "@/db/client";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import { toJsonb } from "../json";

type Call = { chatId: string; toolCallId: string };

/** What was known of a call when it was begun. `outcome` null: begun before and never finished. */
export type BegunExecution = { isNew: true } | { isNew: false; outcome: ToolOutcome | null };

type Row = { result: unknown; isError: boolean; durationMs: number | null };

/** Writes the intent, unless it is there; tells what an earlier runner left. Primary key. */
export async function beginToolExecution(sql: SqlExecutor, { chatId, toolCallId }: Call): Promise<BegunExecution> {
  const [row] = await sql<(Row & { isNew: boolean; status: "started" | "finished" | null })[]>`
    WITH new AS (
      INSERT INTO tool_executions (chat_id, tool_call_id) VALUES (${chatId}, ${toolCallId})
      ON CONFLICT DO NOTHING RETURNING tool_call_id
    )
    SELECT EXISTS (SELECT FROM new) AS "isNew", known.status, known.result, known.is_error AS "isError",
      known.duration_ms AS "durationMs"
    FROM (SELECT 1) AS one LEFT JOIN tool_executions known
      ON known.chat_id = ${chatId} AND known.tool_call_id = ${toolCallId}`;
  if (!row || row.isNew) return { isNew: true };
  return { isNew: false, outcome: row.status === "finished" ? toOutcome(row) : null };
}

/**
 * Writes results, also of calls without an intent; one that is there already stays as it is. One statement.
 * Returns how many were written.
 */
export async function finishToolExecutions(
  sql: SqlExecutor,
  { chatId, finished }: { chatId: string; finished: { toolCallId: string; outcome: ToolOutcome }[] },
): Promise<number> {
  if (finished.length === 0) return 0;
  const rows = finished.map(({ toolCallId, outcome }) => ({ id: toolCallId, ...outcome }));
  const written = await sql`
    INSERT INTO tool_executions (chat_id, tool_call_id, status, result, is_error, duration_ms, finished_at)
    SELECT ${chatId}, f->>'id', 'finished', f->'result', (f->>'is_error')::boolean, (f->>'duration_ms')::int, now()
    FROM jsonb_array_elements(${toJsonb(rows)}::jsonb) f
    ON CONFLICT (chat_id, tool_call_id) DO UPDATE SET status = 'finished', result = excluded.result,
      is_error = excluded.is_error, duration_ms = excluded.duration_ms, finished_at = excluded.finished_at
    WHERE tool_executions.status = 'started'`;
  return written.count;
}

/** The results that are known of these calls. Primary key. */
export async function listFinishedExecutions(
  sql: SqlExecutor,
  { chatId, toolCallIds }: { chatId: string; toolCallIds: string[] },
): Promise<Map<string, ToolOutcome>> {
  const rows = await sql<(Row & { toolCallId: string })[]>`
    SELECT tool_call_id AS "toolCallId", result, is_error AS "isError", duration_ms AS "durationMs"
    FROM tool_executions
    WHERE chat_id = ${chatId} AND tool_call_id = ANY(${toolCallIds}) AND status = 'finished'`;
  return new Map(rows.map((row) => [row.toolCallId, toOutcome(row)]));
}

const toOutcome = ({ result, isError, durationMs }: Row): ToolOutcome => ({
  result,
  is_error: isError,
  ...(durationMs !== null && { duration_ms: durationMs }),
});
