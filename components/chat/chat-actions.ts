import { chatsClient } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import type { InputContent, ReasoningEffort } from "@/lib/contract/messages";
import type { ChatStore } from "./chat-store";
import type { SendRequest } from "./composer";
import { createIdempotencyKey } from "./idempotency-key";
import { collectAnswers, findAskingCalls, type ToolAnswer } from "./open-calls";

/** Rows fetched at a time when a person scrolls back. */
const PAGE_SIZE = 50;

/**
 * What a person may do to an open chat. Rows are only ever what the server answered; the stream brings the same rows
 * again and the reducer knows them.
 */
export function createChatActions(chatId: string, store: ChatStore) {
  /** Answers to some of the calls of a step, until all of them are there: the server takes them together. */
  let given: ToolAnswer[] = [];
  return {
    async send({ content, modelId, busyBehavior, effort }: SendRequest): Promise<void> {
      const { queueRevision } = store.getState();
      const answer = await chatsClient
        .send(
          chatId,
          { content, model_config_id: modelId, busy_behavior: busyBehavior, reasoning_effort: effort },
          { idempotencyKey: createIdempotencyKey() },
        )
        .catch(rethrowGone);
      if (answer.queued) {
        store.dispatch({ type: "sent_queued_message", queuedMessage: answer.queued_message, queueRevision });
      } else store.dispatch({ type: "sent_message", message: answer.message });
    },
    async edit(messageId: number, edit: { content: InputContent; modelId?: string; effort?: ReasoningEffort }) {
      const answer = await chatsClient.editMessage(chatId, messageId, {
        content: edit.content,
        model_config_id: edit.modelId,
        reasoning_effort: edit.effort,
      });
      store.dispatch({ type: "edited_message", message: answer.message, deletedIds: answer.deleted_message_ids });
    },
    /** Sends the answers when every call that asks has one. */
    async answer(answer: ToolAnswer): Promise<void> {
      const { answers, isComplete } = collectAnswers(given, answer, findAskingCalls(store.getState().messages));
      given = answers;
      if (!isComplete) return;
      await chatsClient.toolResults(chatId, {
        results: answers.map(({ toolCallId, output, isError }) => ({
          tool_call_id: toolCallId,
          output,
          is_error: isError ?? false,
        })),
      });
      given = [];
    },
    fork: (messageId: number) => chatsClient.fork(chatId, messageId),
    undoBoundary: () => chatsClient.undoCompact(chatId),
    async loadOlder(limit = PAGE_SIZE): Promise<void> {
      const oldest = store.getState().messages[0];
      const page = await chatsClient.messages(chatId, { limit, before_id: oldest?.id });
      store.dispatch({ type: "older_messages", messages: page.messages, hasMore: page.has_more });
    },
    interrupt: () => chatsClient.interrupt(chatId),
  };
}

/** A person who reads a chat wants to know that it is gone, not that an address is. */
function rethrowGone(cause: unknown): never {
  if (!(cause instanceof ApiError) || cause.code !== "not_found") throw cause;
  const message = "This agent no longer exists. Copy your text and start a new agent with it.";
  throw new ApiError(cause.code, message, { cause });
}

export type ChatActions = ReturnType<typeof createChatActions>;
