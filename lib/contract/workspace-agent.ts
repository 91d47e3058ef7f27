/**
 * What the server asks of the program inside a workspace. A tool runs there under a call id that its ledger remembers:
 * a known id is adopted, never run again.
 */
import type { WorkingTree } from "./working-tree";
import type { PushRules } from "./workspaces";

export const WORKSPACE_TOOLS = [
  "execute",
  "process_output",
  "process_list",
  "process_signal",
  "read_file",
  "list_files",
  "search_files",
  "write_file",
  "edit_files",
  "read_skill",
] as const;
export type WorkspaceToolName = (typeof WORKSPACE_TOOLS)[number];

/** What the server does in a workspace for itself: no tool of a model. Under call ids too, so that none happens twice. */
export const WORKSPACE_OPERATIONS = [
  "git_changes",
  "git_commit",
  "git_push",
  "take_snapshot",
  "restore_snapshot",
  "drop_snapshots",
] as const;
export type WorkspaceOperationName = (typeof WORKSPACE_OPERATIONS)[number];

/** Who a commit is by. */
export type CommitAs = { name: string; email: string };

/** Of `git_push`; `git_commit` says more. */
export type GitTarget = {
  /** Its folder; absent where there is one, or one at the top. */
  repository?: string;
  /** A branch for this chat, made when the current one may not be pushed. */
  branch: string;
  rules: PushRules;
};
export type CommitArguments = GitTarget & { message: string; author: CommitAs };
export type CommitResult = {
  root: string;
  branch: string;
  isBranchNew: boolean;
  commitId: string;
  changedFiles: number;
};
export type PushResult = { root: string; branch: string; origin: string; commitId: string; isUpToDate: boolean };

/** `tree` is null for one that is as the asker knows it. */
export type SeenRepository = { root: string; fingerprint: string; tree: WorkingTree | null };
export type ChangesResult = { repositories: SeenRepository[] };

type SnapshotKey = { chatId: string; key: string };
/** `previous`: the commit it need not repeat. */
export type TakeSnapshot = SnapshotKey & { previous: string | null };
export type TakenSnapshot = { commitId: string | null };
/** `key` is where the files as they were before are kept. */
export type RestoreSnapshot = SnapshotKey & { commitId: string };
export type RestoredSnapshot = { beforeCommitId: string; isChanged: boolean };
/** Snapshots of chats that are not kept go too. */
export type DropSnapshots = { keptChats: string[]; dropped: SnapshotKey[] };

export type ToolOutcome = { result: unknown; is_error: boolean; duration_ms?: number };

export type LedgerEntry = { state: "unknown" } | { state: "running" } | { state: "finished"; outcome: ToolOutcome };

export type WorkspaceCall = {
  /** `<chat id>/<tool call id>`: unique for ever. */
  callId: string;
  /** Processes belong to a chat: `process_list` shows this chat's only. */
  chatId: string;
  tool: WorkspaceToolName | WorkspaceOperationName;
  args: Record<string, unknown>;
};

/** Instructions for a kind of task, which the model reads when it needs them. */
export type WorkspaceSkill = { name: string; description: string };

/** What the workspace tells its agent. */
export type WorkspaceInstructions = {
  /** AGENTS.md of the workspace directory, without its comments; null when there is none. */
  agentsFile: { text: string; isCut: boolean } | null;
  /** By name. */
  skills: WorkspaceSkill[];
};

export type WorkspaceFile = { path: string; maxBytes: number };

/** A live connection to the agent of a workspace's latest build. */
export type WorkspaceConnection = {
  /**
   * Runs a tool, or adopts the call of the same id. `onOutput` gets live output. Aborting stops waiting, not the tool.
   * @throws Error when the workspace cannot be reached; a failing tool is an outcome with `is_error`.
   */
  call(call: WorkspaceCall, options: { signal: AbortSignal; onOutput?: (delta: string) => void }): Promise<ToolOutcome>;
  /** What the ledger knows of a call. */
  lookup(callId: string, signal: AbortSignal): Promise<LedgerEntry>;
  /** What the workspace tells its agent. @throws Error when it cannot be reached. */
  instructions(signal: AbortSignal): Promise<WorkspaceInstructions>;
  /**
   * One file's bytes, or why not in words for the model: missing, outside the workspace, no file, larger than that.
   * @throws Error when the workspace cannot be reached.
   */
  readBytes(file: WorkspaceFile, signal: AbortSignal): Promise<{ bytes: Uint8Array } | { problem: string }>;
  /** Stops these calls and their processes, as far as they still run. */
  cancel(callIds: string[], signal: AbortSignal): Promise<void>;
};
