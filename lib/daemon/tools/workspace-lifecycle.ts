/**
 * Makes, starts and stops the workspace of a chat. The database says what there is, never a failed connection; the
 * workspace is bound in the transaction that makes it, so that no crash makes a second one.
 */
import { findChatFacts } from "@/db/queries/chat-facts";
import { findWorkspace } from "@/db/queries/workspaces";
import { createWorkspaceTool } from "@/lib/agent/tools/create-workspace";
import { startWorkspaceTool } from "@/lib/agent/tools/start-workspace";
import { stopWorkspaceTool } from "@/lib/agent/tools/stop-workspace";
import type { ToolRunOptions } from "@/lib/agent/types";
import { ApiError, isApiError } from "@/lib/contract/errors";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import type { Workspace } from "@/lib/contract/workspaces";
import type { RunContext } from "../run-context";
import { type ServerTool, serverTool, success } from "./server-tool";

/** Another process may do the build: its row is read so often. */
const LOOK_MS = 500;
/** Beyond it something is wrong with the machine, and the model should say so. */
const STOP_TIMEOUT_MS = 120_000;

export const createCreateWorkspace = (context: RunContext): ServerTool =>
  serverTool(createWorkspaceTool, async ({ template_id, repository, branch, name }, { options }) => {
    const { parts, run } = context;
    const { workspaceId, isNew } = await parts.workspaces.create({
      ownerId: run.ownerId,
      templateId: template_id ?? run.templateId ?? undefined,
      repository: repository ?? run.repository ?? undefined,
      branch: branch ?? (repository ? undefined : (run.branch ?? undefined)),
      name,
      chatId: run.chatId,
    });
    // An earlier attempt at this call may have made it and not lived to wait for it.
    if (isNew || options.adopt) return makeReady(context, workspaceId, options);
    const workspace = await getWorkspace(context, workspaceId);
    const note = "This chat has a workspace already; nothing was made. start_workspace starts it if it is stopped.";
    return describe(workspace, note);
  });

export const createStartWorkspace = (context: RunContext): ServerTool =>
  serverTool(startWorkspaceTool, async (_args, { options }) => makeReady(context, await boundId(context), options));

export const createStopWorkspace = (context: RunContext): ServerTool =>
  serverTool(stopWorkspaceTool, async (_args, { options: { signal } }) => {
    const { clock, workspaces } = context.parts;
    const workspaceId = await boundId(context);
    const endsAt = clock.now() + STOP_TIMEOUT_MS;
    for (;;) {
      const workspace = await getWorkspace(context, workspaceId);
      const { status, transition } = workspace.latest_build;
      if (status === "stopped" || (status === "failed" && transition === "stop")) return describe(workspace);
      if (status === "running" || status === "failed") await beginStop(workspaces, workspaceId);
      if (clock.now() > endsAt) throw new ApiError("unavailable", `The workspace is still ${status}. Try again later.`);
      await clock.sleep(LOOK_MS, signal);
    }
  });

/** Somebody else may have begun a build in between: the next look waits for it. */
async function beginStop(workspaces: RunContext["parts"]["workspaces"], workspaceId: string): Promise<void> {
  await workspaces.build({ workspaceId, transition: "stop" }).catch((error) => {
    if (!isApiError(error) || error.code !== "conflict") throw error;
  });
}

async function makeReady(context: RunContext, workspaceId: string, options: ToolRunOptions): Promise<ToolOutcome> {
  const { signal, onOutput } = options;
  await context.parts.workspaces.connect({ workspaceId, signal, onProgress: (what) => onOutput(`${what}\n`) });
  return describe(await getWorkspace(context, workspaceId));
}

async function boundId({ parts, run }: RunContext): Promise<string> {
  const facts = await findChatFacts(parts.writer.sql, { chatId: run.chatId });
  if (facts?.workspaceId) return facts.workspaceId;
  throw new ApiError("conflict", "This chat has no workspace yet: make one with create_workspace.");
}

async function getWorkspace({ parts, run }: RunContext, id: string): Promise<Workspace> {
  const workspace = await findWorkspace(parts.db, { id, ownerId: run.ownerId });
  if (workspace) return workspace;
  throw new ApiError("conflict", "The workspace was deleted: make another with create_workspace.");
}

const describe = ({ id, name, repository, branch, latest_build }: Workspace, note?: string): ToolOutcome => {
  const { status, error } = latest_build;
  return success({
    workspace_id: id,
    name,
    status,
    repository,
    branch,
    ...(error && { error }),
    ...(note && { note }),
  });
};
