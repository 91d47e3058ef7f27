/** Hints between the parts of the product. No correctness depends on one: lose all of them and it is merely slower. */
import type { ChatStatus } from "./contract/chats";
import type { WatchKind } from "./contract/events";

/** Something about a chat changed. Ids and versions only; published after commit. */
export type ChatHint = {
  type: "chat";
  chatId: string;
  ownerId: string;
  rootChatId: string | null;
  /** `chat_runs.snapshot_version` after the change; 0 when the change was not a transition. */
  version: number;
  /** The status after the change; null when the change was not a transition. */
  status: ChatStatus | null;
  /** What the sidebar should hear; empty for a change it does not show. */
  watch: WatchKind[];
  /** The chat became pending: daemons should acquire. */
  runnable: boolean;
};

/** New frames of live parts were checkpointed, for viewers on other processes. */
export type PartsHint = { type: "parts"; chatId: string };

/** A worker should look at everything again: sent when hints may have been lost. */
export type ResyncHint = { type: "resync" };

export type Hint = ChatHint | PartsHint | ResyncHint;

/** At-most-once, unordered, possibly doubled delivery to every process. */
export type PubSub = {
  /** Delivers in this process at once and hands the hint to the other processes in the background. Never throws. */
  publish(hint: Hint): void;
  /** `handler` must not throw. Returns the function that ends the subscription. */
  subscribe(handler: (hint: Hint) => void): () => void;
  close(): Promise<void>;
};
