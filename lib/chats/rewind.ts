/** What was said after a message is taken back, or brought back. Says which files belong to it; puts none in place. */
import {
  deleteAfter,
  findCut,
  findRewind,
  findSnapshot,
  holdSharingChats,
  type MovedMessages,
  undeleteMessages,
  upsertRewind,
} from "@/db/queries/rewinds";
import { ApiError } from "@/lib/contract/errors";
import type { Change } from "./change";
import { type ChatWriter, transition } from "./transition";

type Target = { chatId: string; ownerId: string; workspaceId: string | null };
/** The messages that moved, and the version that names the restoring of files; null: no files are known. */
export type Rewinding = MovedMessages & { cut: number; restores: boolean };

/**
 * The message stays, with the results of its calls. What was spent stays counted.
 * @throws ApiError `not_found`, `unprocessable` for a message that is not there, `conflict` while any chat of the
 * workspace is busy, with a queue, or when nothing came after it.
 */
export async function rewindChat(writer: ChatWriter, target: Target & { messageId: number }): Promise<Rewinding> {
  const { chatId, ownerId, workspaceId, messageId } = target;
  const { written } = await transition(writer, {
    chatId,
    ownerId,
    event: "rewind",
    write: async (change) => {
      const cut = await findCut(change.tx, { chatId, messageId });
      if (cut === undefined) throw noSuchMessage(messageId);
      await refuseBusy(change, workspaceId);
      const snapshot = workspaceId ? await findSnapshot(change.tx, { chatId, workspaceId, upTo: cut }) : undefined;
      const moved = await deleteAfter(change.tx, { chatId, cut });
      if (moved.ids.length === 0) throw new ApiError("conflict", "Nothing was said after this message.");
      removeHistory(change);
      await upsertRewind(change.tx, {
        chatId,
        messageId: cut,
        deletedMessageIds: moved.ids,
        historyVersion: change.version,
        workspaceId,
        commitId: null,
        restoreCommitId: snapshot?.commitId ?? null,
      });
      return { ...moved, cut, restores: snapshot !== undefined };
    },
  });
  return written as Rewinding;
}

/** @throws ApiError `conflict` when there is none, or something was said since. */
export async function undoRewind(writer: ChatWriter, target: Target): Promise<Rewinding> {
  const { chatId, ownerId, workspaceId } = target;
  const { written } = await transition(writer, {
    chatId,
    ownerId,
    event: "rewind",
    write: async (change) => {
      const rewind = await findRewind(change.tx, { chatId });
      if (!rewind || !isUndoable(rewind, change.chat.run)) {
        throw new ApiError("conflict", "There is no rewind to undo: none was done, or something was said since.");
      }
      await refuseBusy(change, workspaceId);
      const files = rewind.workspaceId === workspaceId ? rewind.commitId : null;
      const moved = await undeleteMessages(change.tx, { chatId, ids: rewind.deletedMessageIds });
      removeHistory(change);
      const { messageId } = rewind;
      const historyVersion = change.version;
      const undone = { messageId, historyVersion, workspaceId, deletedMessageIds: [], commitId: null };
      await upsertRewind(change.tx, { chatId, ...undone, restoreCommitId: files });
      return { ...moved, cut: messageId, restores: files !== null };
    },
  });
  return written as Rewinding;
}

export const isUndoable = (
  rewind: { deletedMessageIds: readonly number[]; historyVersion: number },
  run: { historyVersion: number },
): boolean => rewind.deletedMessageIds.length > 0 && rewind.historyVersion === run.historyVersion;

/** Viewers read everything again. */
function removeHistory(change: Change): void {
  change.historyChanged = change.historyRemoved = true;
  change.run.request = null;
}

/** Files must not change below somebody who works with them. */
async function refuseBusy(change: Change, workspaceId: string | null): Promise<void> {
  if (!workspaceId) return;
  const { held, count } = await holdSharingChats(change.tx, { chatId: change.chat.id, workspaceId });
  const busy = held.find(({ status, pauseReason }) => isBusy(status, pauseReason));
  if (busy) throw new ApiError("conflict", `“${busy.title}” works in the same files. Stop it first.`);
  if (held.length < count)
    throw new ApiError("conflict", "Another agent in the same files is just starting. Try again.");
}

export const isBusy = (status: string, pauseReason: string | null): boolean =>
  ["pending", "running", "interrupting"].includes(status) ||
  (status === "paused" && (pauseReason === "tool_results" || pauseReason === "spend_limit"));

export function noSuchMessage(messageId: number): ApiError {
  const message = `There is no message ${messageId} in this agent to go back to.`;
  return new ApiError("unprocessable", message, { validations: [{ field: "message_id", detail: message }] });
}
