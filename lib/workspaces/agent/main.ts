/** The program inside a workspace: runs tools for the server, under call ids that it never runs twice. Decides nothing. */
import { readFileSync } from "node:fs";
import type {
  CommitArguments,
  DropSnapshots,
  GitTarget,
  RestoreSnapshot,
  TakeSnapshot,
} from "@/lib/contract/workspace-agent";
import { type Calls, createCalls } from "./calls";
import { editFilesTool } from "./edit-files";
import { executeTool, processListTool, processOutputTool, processSignalTool } from "./execute";
import { listFilesTool } from "./find-files";
import { forwardPort } from "./forward";
import { gitChanges } from "./git-changes";
import { gitCommit, gitPush } from "./git-commit";
import { readSkillTool } from "./instructions";
import { openLedger } from "./ledger";
import type { Roots } from "./paths";
import { createProcesses, type Processes } from "./processes";
import type { AgentConfig } from "./protocol";
import { readFileTool } from "./read-file";
import { searchFilesTool } from "./search-files";
import { serveAgent } from "./server";
import { createSnapshots } from "./snapshots";
import { ToolError } from "./tool-error";
import { writeFileTool } from "./write-file";

const STDIN = 0;
const IDLE_LOOK_MS = 5_000;

async function main(): Promise<void> {
  const config = JSON.parse(readFileSync(STDIN, "utf8")) as AgentConfig;
  const { workspaceDir, outputDir } = config;
  const processes = createProcesses(config);
  const calls = createToolCalls(config, { workspaceDir, outputDir }, processes);
  await Promise.all(config.forwards.map(forwardPort));
  let lastContactAt = performance.now();
  serveAgent({ config, calls, processes }, () => {
    lastContactAt = performance.now();
  });
  setInterval(
    () => {
      if (performance.now() - lastContactAt > config.idleTimeoutMs) process.exit(0);
    },
    Math.min(IDLE_LOOK_MS, config.idleTimeoutMs / 2),
  );
}

function createToolCalls(config: AgentConfig, roots: Roots, processes: Processes): Calls {
  const tools = { roots, processes };
  const { workspaceDir, environment } = config;
  const place = { workspaceDir, environment };
  const snapshots = createSnapshots({ workspaceDir, homeDir: environment.HOME ?? "/" });
  return createCalls(openLedger(config.ledgerFd), async ({ tool, args, chatId }, hooks) => {
    const call = { args, chatId, ...hooks };
    switch (tool) {
      case "execute":
        return executeTool(tools, call);
      case "process_output":
        return processOutputTool(tools, call);
      case "process_list":
        return processListTool(tools, call);
      case "process_signal":
        return processSignalTool(tools, call);
      case "read_file":
        return readFileTool(roots, args);
      case "list_files":
        return listFilesTool(roots, args);
      case "search_files":
        return searchFilesTool(roots, args);
      case "read_skill":
        return readSkillTool(roots, args);
      case "write_file":
        return writeFileTool(roots, args);
      case "edit_files":
        return editFilesTool(roots, args);
      // The server's own; it checks what people send.
      case "git_changes":
        return gitChanges(workspaceDir, args.known as Record<string, string>);
      case "git_commit":
        return gitCommit(place, args as CommitArguments);
      case "git_push":
        return gitPush(place, args as GitTarget);
      case "take_snapshot":
        return snapshots.take(args as TakeSnapshot);
      case "restore_snapshot":
        return snapshots.restore(args as RestoreSnapshot);
      case "drop_snapshots":
        return snapshots.drop(args as DropSnapshots);
      default:
        throw new ToolError(`There is no tool ${String(tool)}.`);
    }
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
