/**
 * Puts files back as rewinds say that are not finished: after the rewind itself, and before anybody works in the
 * workspace. Each under the call id of its rewind, so that it happens once however often it is asked for.
 */
import { endRestore, listPendingRestores, type PendingRestore } from "@/db/queries/rewinds";
import { isApiError } from "@/lib/contract/errors";
import type { RestoredSnapshot, WorkspaceConnection } from "@/lib/contract/workspace-agent";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";
import { operate, type RepositoryParts } from "./parts";

type Parts = Pick<RepositoryParts, "sql" | "workspaces">;
type Restore = { workspaceId: string; signal: AbortSignal };

/** By chat: whether files differed, or null where the snapshot is gone. Starts a stopped workspace. @throws ApiError `unavailable`. */
export async function restoreFiles(
  parts: Parts,
  { workspaceId, signal }: Restore,
): Promise<Map<string, { isChanged: boolean } | null>> {
  const restored = new Map<string, { isChanged: boolean } | null>();
  const pending = await listPendingRestores(parts.sql, { workspaceId });
  if (pending.length === 0) return restored;
  const connection = await parts.workspaces.connect({ workspaceId, signal });
  for (const each of pending) restored.set(each.chatId, await restoreOne(parts, { connection, each, signal }));
  return restored;
}

type One = { connection: WorkspaceConnection; each: PendingRestore; signal: AbortSignal };

async function restoreOne({ sql }: Parts, { connection, each, signal }: One): Promise<{ isChanged: boolean } | null> {
  const { chatId, historyVersion, restoreCommitId: commitId } = each;
  const ask = () =>
    operate<RestoredSnapshot>(connection, {
      chatId,
      operation: "restore_snapshot",
      callId: `rewind/${chatId}/${historyVersion}`,
      args: { chatId, key: `before-${historyVersion}`, commitId },
      signal,
    });
  try {
    const { beforeCommitId, isChanged } = await failpoint("rewind.restore", ask);
    await failpoint("rewind.restored", () => endRestore(sql, { chatId, historyVersion, beforeCommitId }));
    return { isChanged };
  } catch (error) {
    if (!isApiError(error) || error.code !== "conflict") throw error;
    // The workspace says that it never will: nobody is kept waiting for it.
    log.warn("files were not put back", { chatId, err: error });
    await endRestore(sql, { chatId, historyVersion, beforeCommitId: null });
    return null;
  }
}
