/** Which tools a run is given, by the kind of its chat. The one list; each tool says what it is in a file of its own. */
import { isPlanTool } from "@/lib/agent/plan-mode";
import { createCallerTools, createPersonTools } from "@/lib/agent/tools/pausing-tools";
import type { Tool } from "@/lib/agent/tools/tool";
import { createWorkspaceTools, READ_ONLY_TOOLS, SHELL_TOOLS } from "@/lib/agent/tools/workspace-tools";
import type { AgentType } from "@/lib/contract/chats";
import type { WorkspaceToolName } from "@/lib/contract/workspace-agent";
import type { RunContext } from "./run-context";
import { createAttachFile } from "./tools/attach-file";
import { createInterruptAgent } from "./tools/interrupt-agent";
import { createListAgents } from "./tools/list-agents";
import { createListTemplates } from "./tools/list-templates";
import { createMessageAgent } from "./tools/message-agent";
import { type ServerTool, withLedger } from "./tools/server-tool";
import { createSpawnAgent } from "./tools/spawn-agent";
import { createWaitAgent } from "./tools/wait-agent";
import { createCreateWorkspace, createStartWorkspace, createStopWorkspace } from "./tools/workspace-lifecycle";

/** A root, or what a subagent is made for. */
export type RunKind = "root" | AgentType;

type GivenTool = { create: (context: RunContext) => ServerTool; kinds: readonly RunKind[] };

const WORKSPACE_TOOLS = {
  root: SHELL_TOOLS,
  general: SHELL_TOOLS,
  explore: READ_ONLY_TOOLS,
  computer_use: SHELL_TOOLS,
} satisfies Record<RunKind, readonly WorkspaceToolName[]>;

const ROOT: readonly RunKind[] = ["root"];

/** Who may make something has something to show. */
const MAKERS: readonly RunKind[] = ["root", "general", "computer_use"];

/** A new server tool is a line here. */
const SERVER_TOOLS: readonly GivenTool[] = [
  { create: createAttachFile, kinds: MAKERS },
  { create: createSpawnAgent, kinds: ROOT },
  { create: createWaitAgent, kinds: ROOT },
  { create: createMessageAgent, kinds: ROOT },
  { create: createInterruptAgent, kinds: ROOT },
  { create: createListAgents, kinds: ROOT },
  { create: createListTemplates, kinds: ROOT },
  { create: createCreateWorkspace, kinds: ROOT },
  { create: createStartWorkspace, kinds: ROOT },
  { create: createStopWorkspace, kinds: ROOT },
];

/** The tools of one run: its workspace's, the server's, and for a root those that wait for a person or the caller. */
export function createRunTools(context: RunContext): Tool[] {
  const { parts, run, workspace } = context;
  const { chatId } = run;
  const kind: RunKind = run.agentType ?? "root";
  const given = SERVER_TOOLS.filter(({ kinds }) => kinds.includes(kind));
  const tools = [
    ...createWorkspaceTools({ chatId, names: WORKSPACE_TOOLS[kind], connect: workspace.connect }),
    ...given.map(({ create }) => withLedger(create(context), { sql: parts.writer.sql, chatId })),
    ...(kind === "root" ? [...createPersonTools(), ...createCallerTools(run.callerTools ?? [])] : []),
  ];
  return run.planMode ? tools.filter(({ name }) => isPlanTool(name)) : tools;
}
