/**
 * Keeps the files as each step of a run left them: one snapshot a step that changed some, tied to its message, and one of
 * how they were before the first. Taken beside the next model call; a failure costs the snapshot, never the turn.
 */

import type { SqlExecutor } from "@/db/client";
import { findSnapshot, insertSnapshot, trimSnapshots } from "@/db/queries/rewinds";
import type { ToolCall } from "@/lib/agent/types";
import type { TakenSnapshot, WorkspaceConnection } from "@/lib/contract/workspace-agent";
import { failpoint } from "@/lib/failpoint";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";

export type StepSnapshots = {
  /** These calls are about to run, after these messages: the newest, and the newest results; 0: none. */
  begin(calls: readonly ToolCall[], after: { messageId: number; resultsId: number }): void;
  /** The first call of the run that may change files has reached the workspace: keeps them as they are, once. */
  before(connection: WorkspaceConnection): Promise<void>;
  /** The results of the step are this message: keeps the files in the background. */
  take(messageId: number): void;
  /** Resolves when nothing is being taken. Never throws. */
  settle(): Promise<void>;
};

/** What may leave other files behind; a subagent works in the same ones. */
const CHANGING = new Set(["execute", "process_output", "process_signal", "write_file", "edit_files", "wait_agent"]);

/** The first one of a large repository reads every file. */
const TIMEOUT_MS = 60_000;
/** A workspace that fails this often in a run is left alone. */
const MAX_FAILURES = 2;
/** Of one chat; older ones go, and with them the rewind to so long ago. */
const KEPT = 300;
const TRIM_EVERY = 50;

export type StepSnapshotsOptions = {
  sql: SqlExecutor;
  chatId: string;
  /** The agent of the workspace that the chat has now, if it runs. */
  find: (signal: AbortSignal) => Promise<{ workspaceId: string; connection: WorkspaceConnection } | undefined>;
};

export function createStepSnapshots({ sql, chatId, find }: StepSnapshotsOptions): StepSnapshots {
  let isChanging = false;
  let after = { messageId: 0, resultsId: 0 };
  let base: Promise<void> | undefined;
  let failures = 0;
  let count = 0;
  let last: Promise<void> = Promise.resolve();

  async function keep(wantedId: number, resultsId = 0): Promise<void> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const found = await find(signal);
    if (!found) return;
    const { workspaceId, connection } = found;
    const previous = await findSnapshot(sql, { chatId, workspaceId });
    // A step that was interrupted left no snapshot: the files are still as it left them.
    const messageId = previous && previous.messageId < resultsId ? resultsId : wantedId;
    const args = { chatId, key: String(messageId), previous: previous?.commitId ?? null };
    const call = { callId: `${chatId}/server/${newId()}`, chatId, tool: "take_snapshot" as const, args };
    const outcome = await failpoint("snapshot.take", () => connection.call(call, { signal }));
    if (outcome.is_error) throw new Error(JSON.stringify(outcome.result));
    const { commitId } = outcome.result as TakenSnapshot;
    if (!commitId) return;
    await failpoint("snapshot.insert", () => insertSnapshot(sql, { chatId, messageId, workspaceId, commitId }));
    count += 1;
    if (count % TRIM_EVERY === 0) await trim(workspaceId, connection, signal);
  }

  async function trim(workspaceId: string, connection: WorkspaceConnection, signal: AbortSignal): Promise<void> {
    const trimming = () => trimSnapshots(sql, { chatId, workspaceId, keep: KEPT });
    const { droppedIds, chatIds } = await failpoint("snapshot.trim", trimming);
    const dropped = droppedIds.map((id) => ({ chatId, key: String(id) }));
    const args = { keptChats: chatIds, dropped };
    await connection.call({ callId: `${chatId}/server/${newId()}`, chatId, tool: "drop_snapshots", args }, { signal });
  }

  const attempt = async (messageId: number, resultsId?: number): Promise<void> => {
    if (failures >= MAX_FAILURES) return;
    await keep(messageId, resultsId).catch((err: unknown) => {
      failures += 1;
      log.info("files were not kept for a rewind", { chatId, messageId, err });
    });
  };

  return {
    begin(calls, messages) {
      isChanging = calls.some(({ tool_name }) => CHANGING.has(tool_name));
      after = messages;
    },
    before: async () => {
      if (isChanging) base ??= attempt(after.messageId, after.resultsId);
      await base;
    },
    take(messageId) {
      if (isChanging) last = last.then(() => attempt(messageId));
    },
    settle: () => last,
  };
}
