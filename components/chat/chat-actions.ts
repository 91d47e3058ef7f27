import { chatsClient } from "@/lib/contract/client";
import type { ChatStore } from "./chat-store";
import type { SendRequest } from "./composer";
import { createIdempotencyKey } from "./idempotency-key";

/** Rows fetched at a time when a person scrolls back. */
const PAGE_SIZE = 50;

/**
 * What a person may do to an open chat. Rows are only ever what the server answered; the stream brings the same rows
 * again and the reducer knows them.
 */
export function createChatActions(chatId: string, store: ChatStore) {
  return {
    async send({ text, modelId, busyBehavior, effort }: SendRequest): Promise<void> {
      const { queueRevision } = store.getState();
      const answer = await chatsClient.send(
        chatId,
        { content: text, model_config_id: modelId, busy_behavior: busyBehavior, reasoning_effort: effort },
        { idempotencyKey: createIdempotencyKey() },
      );
      if (answer.queued) {
        store.dispatch({ type: "sent_queued_message", queuedMessage: answer.queued_message, queueRevision });
      } else store.dispatch({ type: "sent_message", message: answer.message });
    },
    async loadOlder(): Promise<void> {
      const oldest = store.getState().messages[0];
      const page = await chatsClient.messages(chatId, { limit: PAGE_SIZE, before_id: oldest?.id });
      store.dispatch({ type: "older_messages", messages: page.messages, hasMore: page.has_more });
    },
    interrupt: () => chatsClient.interrupt(chatId),
  };
}

export type ChatActions = ReturnType<typeof createChatActions>;
