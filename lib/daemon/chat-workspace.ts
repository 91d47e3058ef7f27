/** The workspace of one chat during one run: found at every use, made at the first if the chat has none. */
import { findChatFacts } from "@/db/queries/chat-facts";
import type { WorkspaceTools } from "@/lib/agent/tools/workspace-tools";
import type { ChatWriter } from "@/lib/chats/transition";
import { ApiError } from "@/lib/contract/errors";
import type { WorkspaceConnection, WorkspaceInstructions } from "@/lib/contract/workspace-agent";
import { failpoint } from "@/lib/failpoint";
import type { WorkspaceService } from "@/lib/workspaces/service";

export type ChatWorkspace = {
  /** The id of the chat's workspace, made now if it has none; its build goes on in the background. */
  ensure(): Promise<string>;
  connect: WorkspaceTools["connect"];
  /** The agent of the workspace that the chat has, if it runs. Starts nothing. */
  find(signal: AbortSignal): Promise<{ workspaceId: string; connection: WorkspaceConnection } | undefined>;
  /** A tool has reached it in this run. */
  wasReached(): boolean;
  /** What it tells its agent; null when it does not run. Starts nothing. @throws Error when it does not answer. */
  readInstructions(signal: AbortSignal): Promise<WorkspaceInstructions | null>;
  /** Stops calls that an interruption left unanswered, if the workspace runs. */
  cancel(toolCallIds: string[]): Promise<void>;
};

/** Waits at most this long for a workspace to stop interrupted calls; what is left ends with its own time limit. */
const CANCEL_TIMEOUT_MS = 10_000;

type Options = { chatId: string; writer: ChatWriter; workspaces: WorkspaceService };

export function createChatWorkspace({ chatId, writer, workspaces }: Options): ChatWorkspace {
  async function ensureWorkspace(): Promise<{ workspaceId: string; isNew: boolean }> {
    const facts = await findChatFacts(writer.sql, { chatId });
    if (!facts) throw new ApiError("not_found", `Chat ${chatId} is gone.`);
    if (facts.workspaceId) return { workspaceId: facts.workspaceId, isNew: false };
    const { ownerId, templateId, repository, branch } = facts;
    // Bound where it is made, so that a runner that dies leaves no second one.
    const wanted = {
      ownerId,
      templateId: templateId ?? undefined,
      repository: repository ?? undefined,
      branch: branch ?? undefined,
      chatId,
    };
    return failpoint("workspace.create", () => workspaces.create(wanted));
  }

  let isReached = false;

  return {
    ensure: async () => (await ensureWorkspace()).workspaceId,
    wasReached: () => isReached,

    async find(signal) {
      const workspaceId = (await findChatFacts(writer.sql, { chatId }))?.workspaceId;
      const connection = workspaceId ? await workspaces.find({ workspaceId, signal }) : undefined;
      return workspaceId && connection ? { workspaceId, connection } : undefined;
    },

    async readInstructions(signal) {
      const facts = await findChatFacts(writer.sql, { chatId });
      if (!facts?.workspaceId) return null;
      const connection = await workspaces.find({ workspaceId: facts.workspaceId, signal });
      return (await connection?.instructions(signal)) ?? null;
    },

    async connect({ signal, onProgress }) {
      const { workspaceId, isNew } = await ensureWorkspace();
      const connection = await failpoint("workspace.connect", () =>
        workspaces.connect({ workspaceId, signal, onProgress }),
      );
      isReached = true;
      return { connection, isNew };
    },

    async cancel(toolCallIds) {
      if (toolCallIds.length === 0) return;
      const facts = await findChatFacts(writer.sql, { chatId });
      if (!facts?.workspaceId) return;
      const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
      const connection = await workspaces.find({ workspaceId: facts.workspaceId, signal });
      const callIds = toolCallIds.map((id) => `${chatId}/${id}`);
      await failpoint("workspace.cancel", async () => connection?.cancel(callIds, signal));
    },
  };
}
