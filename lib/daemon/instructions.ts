/**
 * The system prompt of one run: fixed sections, and what the workspace tells once it can be read. Reads AGENTS.md and
 * the names of skills at the start of a turn, or after the step that made the workspace; never starts a stopped one.
 */
import { createSystemPrompt, type SystemPromptFacts } from "@/lib/agent/prompt";
import type { WorkspaceInstructions } from "@/lib/contract/workspace-agent";
import { log } from "@/lib/log";
import type { ChatWorkspace } from "./chat-workspace";

/** For a workspace that is starting; later it is asked again at the next step. */
const START_WAIT_MS = 15_000;

/** A workspace that does not answer this often in a run will not. */
const MAX_ASKED = 3;

export type InstructionsOptions = {
  chatId: string;
  workspace: ChatWorkspace;
  facts: Omit<SystemPromptFacts, "workspace">;
  /** Of the run: the chat has a workspace. */
  hasWorkspace: boolean;
  signal: AbortSignal;
};

/** Sections of the system prompt, the same until the workspace is read for the first time. */
export function createInstructions(options: InstructionsOptions): () => Promise<string[]> {
  const { chatId, workspace, facts, hasWorkspace, signal } = options;
  let read: WorkspaceInstructions | null = null;
  let asked = 0;
  let sections: string[] | undefined;

  async function readOnce(): Promise<void> {
    // At the start of the turn, and then only once a tool has reached a workspace.
    const isTime = workspace.wasReached() || (hasWorkspace && asked === 0);
    if (read || !isTime || asked >= MAX_ASKED) return;
    asked += 1;
    try {
      read = await workspace.readInstructions(AbortSignal.any([signal, AbortSignal.timeout(START_WAIT_MS)]));
    } catch (error) {
      log.info("instructions of the workspace not read", { chatId, err: error });
    }
    if (read) sections = undefined;
  }

  return async () => {
    await readOnce();
    sections ??= createSystemPrompt({ ...facts, workspace: read });
    return sections;
  };
}
