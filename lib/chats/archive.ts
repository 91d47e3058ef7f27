/** Archive and unarchive: reversible, the whole tree of a root at once, a child only itself. Nothing is ever deleted. */
import type { TransactionSql } from "postgres";
import { type FamilyMember, isRootArchived, lockFamily, updateArchived } from "@/db/queries/chat-archive";
import { markTreeStale } from "@/db/queries/git-references";
import { ApiError, notFound } from "@/lib/contract/errors";
import { failpoint } from "@/lib/failpoint";
import { bookkeepingHint } from "./bookkeeping-hint";
import { illegal } from "./illegal";
import { decide } from "./state";
import type { ChatWriter } from "./transition";

type ArchiveOptions = { chatId: string; ownerId: string };

/** @throws ApiError `not_found`; `conflict` while a member of the tree is busy or paused. */
export const archiveChat = (writer: ChatWriter, options: ArchiveOptions) =>
  setArchived(writer, { ...options, archived: true });

/** @throws ApiError `not_found`; `conflict` for a child under an archived root. */
export const unarchiveChat = (writer: ChatWriter, options: ArchiveOptions) =>
  setArchived(writer, { ...options, archived: false });

async function setArchived(
  { sql, pubsub }: ChatWriter,
  { chatId, ownerId, archived }: ArchiveOptions & { archived: boolean },
) {
  const set = async (tx: TransactionSql) => {
    const family = await lockFamily(tx, { chatId });
    const target = family.find((member) => member.id === chatId);
    if (!target || target.ownerId !== ownerId) throw notFound();
    if (archived) checkIdle(family, chatId);
    if (!archived && target.rootChatId && (await isRootArchived(tx, { rootChatId: target.rootChatId }))) {
      throw new ApiError(
        "conflict",
        "This subagent belongs to an archived agent. Unarchive that one: its tree comes with it.",
      );
    }
    await updateArchived(tx, { chatId, archived });
    if (!archived) await markTreeStale(tx, { chatId });
    return target;
  };
  const chat = await failpoint("archive.commit", () => sql.begin(set));
  const watch = archived ? ("deleted" as const) : ("created" as const);
  pubsub.publish(bookkeepingHint({ chatId, ownerId, rootChatId: chat.rootChatId, watch: [watch] }));
}

/** Archived members may be in any state they were archived in; the others must be idle. */
function checkIdle(family: FamilyMember[], chatId: string): void {
  for (const member of family) {
    const state = {
      ...member,
      archived: false,
      queueEmpty: member.status !== "error",
      isChild: member.parentChatId !== null,
    };
    if (decide(state, "archive")) continue;
    if (member.id === chatId) throw illegal({ ...member, archived: false }, "archive");
    throw new ApiError("conflict", `Its subagent “${member.title}” is ${member.status}. Stop it first, then archive.`);
  }
}
