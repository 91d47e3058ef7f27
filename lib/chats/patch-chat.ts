/** A person changes what is written on a chat: title, labels, pin, workspace, plan mode, spend limit. Never its status or `updated_at`. */

import type { TransactionSql } from "postgres";
import {
  type ChatDetails,
  type LockedDetails,
  lockChatDetails,
  lockPins,
  updateChatDetails,
  updatePins,
} from "@/db/queries/chat-bookkeeping";
import { setFeedbackChoice } from "@/db/queries/feedback";
import { markChatStale } from "@/db/queries/git-references";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { WatchKind } from "@/lib/contract/events";
import { bookkeepingHint } from "./bookkeeping-hint";
import { placePin } from "./pins";
import { requireReferences } from "./references";
import type { ChatWriter } from "./transition";

export type PatchChat = ChatDetails & {
  chatId: string;
  ownerId: string;
  pinned?: boolean;
  /** From 1, which says "pinned" too; 0 unpins. */
  pinOrder?: number;
  /** Null: as the template says. */
  pullRequestFeedback?: boolean | null;
};

/**
 * All of it or nothing.
 * @throws ApiError `not_found`, `unprocessable` for a workspace that is not the person's, `conflict` for a pin or a spend
 * limit that is not possible.
 */
export async function patchChat({ sql, pubsub }: ChatWriter, patch: PatchChat): Promise<void> {
  const { chatId, ownerId } = patch;
  const chat = await sql.begin(async (tx) => {
    // The pins' lock comes before the chat's, so that two people's tabs cannot wait for each other.
    const pins = wantsPin(patch) === undefined ? undefined : await lockPins(tx, { ownerId });
    const found = await lockChatDetails(tx, { chatId, ownerId });
    if (!found) throw notFound();
    if (patch.workspaceId) await requireReferences(tx, { ownerId, workspaceId: patch.workspaceId });
    if (patch.spendLimitMicros !== undefined && found.rootChatId) {
      throw new ApiError("conflict", "A subagent has no spend limit of its own. Limit the agent it belongs to.");
    }
    if (patch.pullRequestFeedback !== undefined) {
      if (found.rootChatId) throw new ApiError("conflict", "A subagent has no pull request of its own.");
      await setFeedbackChoice(tx, { chatId, enabled: patch.pullRequestFeedback });
    }
    if (hasDetails(patch)) await updateChatDetails(tx, patch);
    if (pins) await applyPin(tx, { patch, pins, chat: found });
    return found;
  });
  // What was said while it did not listen is looked at now: checks count as they are.
  if (patch.pullRequestFeedback) {
    await markChatStale(sql, { chatId });
    pubsub.publish({ type: "git" });
  }
  const watch = watchKinds(patch);
  if (watch.length === 0) return;
  pubsub.publish(bookkeepingHint({ chatId, ownerId, rootChatId: chat.rootChatId, watch }));
}

const hasDetails = ({ title, labels, workspaceId, planMode, spendLimitMicros }: PatchChat): boolean =>
  [title, labels, workspaceId, planMode, spendLimitMicros].some((detail) => detail !== undefined);

/** Undefined: the pin stays as it is. */
function wantsPin({ pinned, pinOrder }: PatchChat): boolean | undefined {
  return pinned ?? (pinOrder === undefined ? undefined : pinOrder > 0);
}

async function applyPin(
  tx: TransactionSql,
  { patch, pins, chat }: { patch: PatchChat; pins: string[]; chat: LockedDetails },
): Promise<void> {
  const { chatId, ownerId } = patch;
  if (!wantsPin(patch)) {
    return updatePins(tx, { ownerId, chatIds: placePin(pins, chatId, null), unpinnedId: chatId });
  }
  if (chat.archived) throw new ApiError("conflict", "An archived agent cannot be pinned. Unarchive it first.");
  if (chat.rootChatId) throw new ApiError("conflict", "A subagent cannot be pinned. Pin the agent it belongs to.");
  const place = patch.pinOrder || (chat.pinOrder > 0 ? pins.indexOf(chatId) + 1 : pins.length + 1);
  await updatePins(tx, { ownerId, chatIds: placePin(pins, chatId, place), unpinnedId: null });
}

/** A title is told apart: the sidebar applies it also when it comes from an older snapshot. */
function watchKinds(patch: PatchChat): WatchKind[] {
  const { title, ...rest } = patch;
  const kinds: WatchKind[] = title === undefined ? [] : ["title_change"];
  if (hasDetails(rest) || wantsPin(rest) !== undefined) kinds.push("summary_change");
  return kinds;
}
