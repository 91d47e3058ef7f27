/** A subagent is born: below a root, under a lock on the root's row, once for each call that asks for it. */
import type { TransactionSql } from "postgres";
import { insertChat } from "@/db/queries/chat-creation";
import { findSpawned, type LockedParent, lockParent } from "@/db/queries/subagents";
import type { AgentType, ChatStatus } from "@/lib/contract/chats";
import { ApiError } from "@/lib/contract/errors";
import type { ReasoningEffort } from "@/lib/contract/messages";
import { failpoint } from "@/lib/failpoint";
import { newId } from "@/lib/ids";
import { fallbackTitle } from "./create-chat";
import { LostLeaseError } from "./lost-lease";
import type { ChatWriter } from "./transition";

export type CreateChild = {
  parentChatId: string;
  /** The parent's run: a zombie makes no children. */
  runnerId: string;
  toolCallId: string;
  agentType: AgentType;
  prompt: string;
  /** From the prompt when absent. */
  title?: string | undefined;
  modelConfigId: string;
  reasoningEffort: ReasoningEffort | null;
  /** The parent's own. */
  workspaceId: string;
  templateId: string | null;
  repository: string | null;
  branch: string | null;
  systemPrompt: string | null;
  deadlineSeconds: number;
  /** Last chance to take part in the transaction. */
  beforeCommit: (tx: TransactionSql, child: BornChild) => Promise<void>;
};

export type BornChild = { chatId: string; title: string; status: ChatStatus };

/** At once below one root: more than a task needs, few enough that a model in a loop does no harm. */
export const MAX_BUSY_CHILDREN = 20;

/**
 * Inserts the child as `pending` and wakes the daemons; a call that made one before gets that one.
 * @throws ApiError `conflict` when the parent is archived, no root, stopped, or has too many at work;
 * LostLeaseError when another runner has the parent.
 */
export async function createChild({ sql, pubsub }: ChatWriter, options: CreateChild): Promise<BornChild> {
  const { parentChatId, toolCallId } = options;
  const { child, ownerId, isNew } = await failpoint("spawn.commit", () =>
    sql.begin(async (tx) => {
      const parent = await lockParent(tx, { chatId: parentChatId });
      const known = await findSpawned(tx, { parentChatId, toolCallId });
      checkParent(parent, options, known !== undefined);
      const born = known ?? (await insertChild(tx, options, parent.ownerId));
      await options.beforeCommit(tx, born);
      return { child: born, ownerId: parent.ownerId, isNew: !known };
    }),
  );
  const { chatId, status } = child;
  const hint = { type: "chat", chatId, ownerId, rootChatId: parentChatId, version: 1 } as const;
  if (isNew) pubsub.publish({ ...hint, status, watch: ["created"], runnable: true });
  return child;
}

function checkParent(
  parent: LockedParent | undefined,
  { parentChatId, runnerId }: CreateChild,
  isKnown: boolean,
): asserts parent is LockedParent {
  if (!parent || parent.runnerId !== runnerId) throw new LostLeaseError(parentChatId);
  if (parent.archived) throw new ApiError("conflict", "This agent is archived: it makes no subagents.");
  if (!parent.isRoot) throw new ApiError("conflict", "A subagent cannot make subagents of its own.");
  if (parent.status !== "running") throw new ApiError("conflict", `This agent is ${parent.status}: it was stopped.`);
  if (isKnown || parent.busyChildren < MAX_BUSY_CHILDREN) return;
  const message = `${parent.busyChildren} subagents are at work already, which is the most at once. Wait for some of them.`;
  throw new ApiError("conflict", message);
}

async function insertChild(tx: TransactionSql, options: CreateChild, ownerId: string): Promise<BornChild> {
  const { parentChatId, toolCallId, agentType, prompt, deadlineSeconds, ...rest } = options;
  const chatId = newId();
  const title = options.title ?? fallbackTitle(prompt);
  await insertChat(tx, {
    ...rest,
    id: chatId,
    ownerId,
    title,
    titleSource: options.title ? "generated" : "fallback",
    parts: [{ type: "text", text: prompt }],
    labels: {},
    planMode: false,
    callerTools: null,
    child: { parentChatId, toolCallId, agentType, deadlineSeconds },
  });
  return { chatId, title, status: "pending" };
}
