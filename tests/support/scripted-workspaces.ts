/** Workspaces whose tools are functions of the test: the real port with its ledger, without a sandbox. */
import type { Sql } from "postgres";
import {
  type ToolOutcome,
  WORKSPACE_OPERATIONS,
  type WorkspaceCall,
  type WorkspaceConnection,
  type WorkspaceInstructions,
} from "@/lib/contract/workspace-agent";
import type { WorkspaceService } from "@/lib/workspaces/service";

const OPERATIONS = new Set<string>(WORKSPACE_OPERATIONS);

type RunTool = (call: WorkspaceCall, onOutput: (delta: string) => void) => Promise<ToolOutcome>;

type Scripted = { sql: Sql; workspaceId: string; run: RunTool };

export type ScriptedWorkspaces = WorkspaceService & {
  /** Every call that really ran, in order: an adopted one is not in it. */
  ran: WorkspaceCall[];
  cancelled: string[];
  /** By path; tests fill it. */
  files: Map<string, Uint8Array>;
  /** What the workspace tells; tests change it. */
  instructions: WorkspaceInstructions;
};

/** One workspace, which every chat that asks for one is bound to. */
export function createScriptedWorkspaces({ sql, workspaceId, run }: Scripted): ScriptedWorkspaces {
  const ran: WorkspaceCall[] = [];
  const cancelled: string[] = [];
  const files = new Map<string, Uint8Array>();
  const instructions: WorkspaceInstructions = { agentsFile: null, skills: [] };
  const ledger = new Map<string, Promise<ToolOutcome>>();
  const connection: WorkspaceConnection = {
    async call(call, { signal, onOutput }) {
      // As an agent of an earlier version: the server's own operations come to nothing.
      if (OPERATIONS.has(call.tool)) return { result: { error: `There is no tool ${call.tool}.` }, is_error: true };
      let outcome = ledger.get(call.callId);
      if (!outcome) {
        ran.push(call);
        outcome = run(call, onOutput ?? (() => {}));
        ledger.set(call.callId, outcome);
      }
      return await Promise.race([outcome, aborted(signal)]);
    },
    lookup: async (callId) => (ledger.has(callId) ? { state: "running" } : { state: "unknown" }),
    instructions: async () => instructions,
    readBytes: async ({ path, maxBytes }) => {
      const bytes = files.get(path);
      if (!bytes) return { problem: `${path}: it does not exist.` };
      return bytes.length > maxBytes ? { problem: `${path} has ${bytes.length} bytes.` } : { bytes };
    },
    cancel: async (callIds) => void cancelled.push(...callIds),
  };
  const unused = () => Promise.reject(new Error("not part of this test"));
  return {
    ran,
    cancelled,
    files,
    instructions,
    start: async () => {},
    create: async ({ chatId = null }) => {
      await sql`UPDATE chats SET workspace_id = ${workspaceId} WHERE id = ${chatId}`;
      return { workspaceId, isNew: true };
    },
    build: unused,
    connect: async () => connection,
    find: async () => connection,
    problem: () => null,
    close: async () => {},
    findFiles: unused,
  } as ScriptedWorkspaces;
}

const aborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
