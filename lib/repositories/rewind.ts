/** A person takes chat and files back together, sees before what that means, and can take it back again. */
import { listSharingChats } from "@/db/queries/chat-places";
import { countAfter, findCut, findRewind, findSnapshot } from "@/db/queries/rewinds";
import { findChatState } from "@/db/queries/streams";
import { getChat } from "@/lib/chats/get-chat";
import { isBusy, isUndoable, noSuchMessage, type Rewinding, rewindChat, undoRewind } from "@/lib/chats/rewind";
import type { RewindPreview, Rewound } from "@/lib/contract/rewind";
import { log } from "@/lib/log";
import { pokeViewers } from "./changes";
import { type Call, getPlace, type RepositoryParts, type Target } from "./parts";
import { restoreFiles } from "./restore-files";

/** A stopped workspace has to start first. */
const RESTORE_MS = 120_000;

/** Without a message the newest, after which nothing would go. @throws ApiError `not_found`, `unprocessable` for a message that is not there. */
export async function previewRewind(
  parts: RepositoryParts,
  { messageId: wanted, ...target }: Target & { messageId: number | undefined },
): Promise<RewindPreview> {
  const { chatId } = target;
  const place = await getPlace(parts, target);
  const messageId = wanted ?? (await findNow(parts, chatId))?.lastMessageId ?? 0;
  const cut = await findCut(parts.sql, { chatId, messageId });
  if (cut === undefined) throw noSuchMessage(messageId);
  const workspaceId = place.workspace?.id ?? null;
  const [count, snapshot, sharing, canUndo] = await Promise.all([
    countAfter(parts.sql, { chatId, cut }),
    workspaceId ? findSnapshot(parts.sql, { chatId, workspaceId, upTo: cut }) : undefined,
    workspaceId ? listSharingChats(parts.sql, { workspaceId, exceptTreeOf: chatId }) : [],
    findUndoable(parts, chatId),
  ]);
  const busy = sharing.find(({ status }) => isBusy(status, null));
  const refusal = isBusy(place.status, null)
    ? `The agent is ${place.status}. Stop it first.`
    : busy && `“${busy.title}” works in the same files. Stop it first.`;
  return {
    message_id: cut,
    message_count: count,
    restores_files: snapshot !== undefined,
    files_message: snapshot ? null : whyNoFiles(workspaceId),
    shared_with: sharing.map(({ id, title }) => ({ id, title })),
    refusal: refusal ?? null,
    can_undo: canUndo,
  };
}

const whyNoFiles = (workspaceId: string | null): string =>
  workspaceId
    ? "No snapshot of the files is known for this moment, so they stay as they are."
    : "The agent has no workspace, so there are no files to put back.";

/** @throws ApiError as `rewindChat`. */
export async function rewind(
  parts: RepositoryParts,
  { messageId, ...call }: Call & { messageId: number },
): Promise<Rewound> {
  const workspaceId = (await getPlace(parts, call)).workspace?.id ?? null;
  const done = await rewindChat(parts, { ...call, workspaceId, messageId });
  return toRewound(parts, { call, done, workspaceId, deleted: done.visibleIds, restored: [] });
}

/** @throws ApiError as `undoRewind`; `unavailable` while the files of the rewind itself cannot be put back. */
export async function undo(parts: RepositoryParts, call: Call): Promise<Rewound> {
  const workspaceId = (await getPlace(parts, call)).workspace?.id ?? null;
  // What is undone has to be done first.
  if (workspaceId) await restoreFiles(parts, { workspaceId, signal: AbortSignal.timeout(RESTORE_MS) });
  const done = await undoRewind(parts, { ...call, workspaceId });
  return toRewound(parts, { call, done, workspaceId, deleted: [], restored: done.visibleIds });
}

type Outcome = { call: Call; done: Rewinding; workspaceId: string | null; deleted: number[]; restored: number[] };

async function toRewound(parts: RepositoryParts, outcome: Outcome): Promise<Rewound> {
  const { call, done, workspaceId, deleted, restored } = outcome;
  const { chatId } = call;
  const files = done.restores && workspaceId ? await putBack(parts, { chatId, workspaceId }) : "none";
  const place = await getPlace(parts, call);
  pokeViewers(parts, place);
  const sharing = workspaceId ? await listSharingChats(parts.sql, { workspaceId, exceptTreeOf: chatId }) : [];
  return {
    ...(await getChat(parts.db, call)),
    rewind: {
      message_id: done.cut,
      deleted_message_ids: deleted,
      restored_message_ids: restored,
      files,
      shared_with: sharing.map(({ id, title }) => ({ id, title })),
      can_undo: await findUndoable(parts, chatId),
    },
  };
}

/** Not ended by a browser that goes away: the chat is rewound already. */
async function putBack(
  parts: RepositoryParts,
  { chatId, workspaceId }: { chatId: string; workspaceId: string },
): Promise<Rewound["rewind"]["files"]> {
  try {
    const restored = (await restoreFiles(parts, { workspaceId, signal: AbortSignal.timeout(RESTORE_MS) })).get(chatId);
    // Undefined: another process did it in between.
    if (restored === null) return "none";
    return restored?.isChanged === false ? "unchanged" : "restored";
  } catch (err) {
    log.warn("files are put back before the next turn", { chatId, err });
    return "pending";
  }
}

async function findUndoable(parts: RepositoryParts, chatId: string): Promise<boolean> {
  const [row, state] = await Promise.all([findRewind(parts.sql, { chatId }), findNow(parts, chatId)]);
  return row !== undefined && state !== undefined && isUndoable(row, state);
}

/** Versions and the newest message; no row of it is read. */
const findNow = (parts: RepositoryParts, chatId: string) =>
  findChatState(parts.sql, {
    chatId,
    afterId: Number.MAX_SAFE_INTEGER,
    knownQueueVersion: Number.MAX_SAFE_INTEGER,
  });
