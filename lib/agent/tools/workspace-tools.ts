/** The tools that run in the chat's workspace. Reaches it through a port; makes no workspace by itself. */
import type { ToolOutcome, WorkspaceConnection, WorkspaceToolName } from "@/lib/contract/workspace-agent";
import { editFiles } from "./edit-files";
import { execute } from "./execute";
import { listFiles } from "./list-files";
import { processList } from "./process-list";
import { processOutput } from "./process-output";
import { processSignal } from "./process-signal";
import { readFile } from "./read-file";
import { readSkill } from "./read-skill";
import { searchFiles } from "./search-files";
import { errorOutcome, outcomeUnknown, type Tool, type ToolDefinition, type ToolRun } from "./tool";
import { writeFile } from "./write-file";

/** Every one of them; `tests` hold it against the contract's list. */
export const WORKSPACE_TOOL_DEFINITIONS: readonly ToolDefinition<WorkspaceToolName>[] = [
  execute,
  processOutput,
  processList,
  processSignal,
  readFile,
  listFiles,
  searchFiles,
  writeFile,
  editFiles,
  readSkill,
];

/** Of those, the ones that change nothing, start nothing and cannot be made to. */
export const READ_ONLY_TOOLS: readonly WorkspaceToolName[] = ["read_file", "list_files", "search_files"];

/** Finding files is what a shell does better; who has none needs them. */
export const SHELL_TOOLS: readonly WorkspaceToolName[] = WORKSPACE_TOOL_DEFINITIONS.map(({ name }) => name).filter(
  (name) => name !== "list_files" && name !== "search_files",
);

export type WorkspaceTools = {
  chatId: string;
  /** The tools to give. */
  names: readonly WorkspaceToolName[];
  /**
   * The agent of the chat's workspace, made now if there is none. `isNew`: made for this call, so that its ledger
   * cannot know earlier ones. Called again after a connection broke. Rejects when it cannot be reached.
   */
  connect(options: {
    signal: AbortSignal;
    onProgress: (what: string) => void;
  }): Promise<{ connection: WorkspaceConnection; isNew: boolean }>;
};

/** The chat's workspace tools. The workspace is reached for at the first call, once for calls that start together. */
export function createWorkspaceTools({ chatId, names, connect }: WorkspaceTools): Tool[] {
  const sharedConnect = shareWhilePending(connect);
  const given = WORKSPACE_TOOL_DEFINITIONS.filter(({ name }) => names.includes(name));
  return given.map((definition) => ({
    ...definition,
    run: (run) => runInWorkspace({ chatId, connect: sharedConnect, definition, ...run }),
  }));
}

type WorkspaceRun = Omit<WorkspaceTools, "names"> & ToolRun & { definition: ToolDefinition<WorkspaceToolName> };

/** A connection that breaks is made anew: the ledger has the call, so asking again adopts it. */
const MAX_CONNECTIONS = 3;

async function runInWorkspace({
  chatId,
  connect,
  definition,
  args,
  call,
  options,
}: WorkspaceRun): Promise<ToolOutcome> {
  const { signal, adopt, onOutput } = options;
  const { name: tool, effect } = definition;
  let mayHaveRun = adopt;
  let lastError: unknown;
  for (let connections = 0; connections < MAX_CONNECTIONS; connections++) {
    try {
      const { connection, isNew } = await connect({ signal, onProgress: (what) => onOutput(`${what}\n`) });
      if (isNew && mayHaveRun && effect === "effectful") return outcomeUnknown("the workspace it ran in is gone");
      const request = { callId: `${chatId}/${call.tool_call_id}`, chatId, tool, args };
      try {
        return await connection.call(request, { signal, onOutput });
      } catch (error) {
        signal.throwIfAborted();
        mayHaveRun = true;
        lastError = error;
      }
    } catch (error) {
      signal.throwIfAborted();
      lastError = error;
      break;
    }
  }
  const reason = lastError instanceof Error ? lastError.message : String(lastError);
  if (mayHaveRun && effect === "effectful") return outcomeUnknown(reason);
  return errorOutcome(`The workspace could not be reached, so ${tool} gave no result: ${reason}`);
}

type Connect = WorkspaceTools["connect"];

/** Calls that start together wait for one connection, so that a chat gets one workspace. All hear the progress. */
function shareWhilePending(connect: Connect): Connect {
  let pending: ReturnType<Connect> | undefined;
  const listeners = new Set<(what: string) => void>();
  return async ({ signal, onProgress }) => {
    listeners.add(onProgress);
    pending ??= connect({ signal, onProgress: (what) => listeners.forEach((listen) => void listen(what)) }).finally(
      () => {
        pending = undefined;
        listeners.clear();
      },
    );
    return pending;
  };
}
