/** A new chat with the history of another up to one of its messages. The source is only read; its queue stays there. */
import { copyMessages, findChatTitle, insertFork, isForkPoint } from "@/db/queries/chat-fork";
import { listRowsAfterLastAnswer } from "@/db/queries/chat-history";
import { insertMessage } from "@/db/queries/chat-transition";
import { ApiError, notFound } from "@/lib/contract/errors";
import { failpoint } from "@/lib/failpoint";
import { newId } from "@/lib/ids";
import { findOpenCalls, toResult } from "./open-calls";
import type { ChatWriter } from "./transition";

export type ForkChat = { chatId: string; ownerId: string; messageId: number };

const SUFFIX = " (fork)";
const MAX_TITLE_CHARACTERS = 200;

/** Of a call whose result came after the message: the fork does not know it. */
const NO_RESULT = "The chat was forked before this call had its result. It may have had effects: verify.";

/**
 * The fork works in the same workspace, keeps who sent what, and is idle; its copies do not count as cost. A step that
 * the message cuts in the middle is closed with errors, so that no call stays open.
 * @throws ApiError `not_found`, `unprocessable` for a message that is not in the chat.
 */
export async function forkChat(
  { sql, pubsub }: ChatWriter,
  { chatId: sourceId, ownerId, messageId }: ForkChat,
): Promise<{ chatId: string }> {
  const chatId = newId();
  const copy = () =>
    sql.begin(async (tx) => {
      const title = await findChatTitle(tx, { chatId: sourceId, ownerId });
      if (title === undefined) throw notFound();
      if (!(await isForkPoint(tx, { sourceId, ownerId, messageId }))) throw noSuchMessage(messageId);
      await insertFork(tx, { sourceId, chatId, title: forkTitle(title) });
      await copyMessages(tx, { sourceId, chatId, messageId });
      const open = findOpenCalls(await listRowsAfterLastAnswer(tx, { chatId }));
      if (open.length === 0) return;
      const parts = open.map((call) => toResult(call, { result: NO_RESULT, is_error: true }));
      await insertMessage(tx, { chatId, historyVersion: 1, role: "tool", parts });
    });
  await failpoint("fork.commit", copy);
  pubsub.publish({
    type: "chat",
    chatId,
    ownerId,
    rootChatId: null,
    version: 1,
    status: "waiting",
    watch: ["created"],
    runnable: false,
  });
  return { chatId };
}

/** Forks of forks are told apart by their history, not by a row of suffixes. Pure. */
export function forkTitle(title: string): string {
  if (title.endsWith(SUFFIX)) return title;
  const room = MAX_TITLE_CHARACTERS - SUFFIX.length;
  const characters = [...title];
  const cut = characters.length > room ? `${characters.slice(0, room - 1).join("")}…` : title;
  return cut + SUFFIX;
}

function noSuchMessage(messageId: number): ApiError {
  const message = `There is no message ${messageId} in this agent to fork from.`;
  return new ApiError("unprocessable", message, { validations: [{ field: "message_id", detail: message }] });
}
