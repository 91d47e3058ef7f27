/** Hints between the parts of the product. No correctness depends on one: lose all of them and it is merely slower. */
import type { ChatState } from "@/db/queries/streams";
import type { ChatStatus } from "./contract/chats";
import type { WatchKind } from "./contract/events";
import { log } from "./log";

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

/** A chat's branch or pull request has news: the pull-request worker should look. */
export type GitHint = { type: "git" };

/** Calls that were left without an outcome while nobody worked on the chat: daemons should stop them in its workspace. */
export type CancelHint = { type: "cancel"; chatId: string; toolCallIds: string[] };

export type Hint = ChatHint | PartsHint | ResyncHint | GitHint | CancelHint;

/**
 * What a transition made of a chat, asked by who knows a state of it: what a read would answer now. Undefined: it was
 * another state that changed, and a read has to tell.
 */
export type ChatNews = (known: ChatState) => ChatState | undefined;

/** At-most-once, unordered, possibly doubled delivery to every process. */
export type PubSub = {
  /**
   * Delivers in this process at once and hands the hint to the other processes in the background, without its news.
   * Never throws.
   */
  publish(hint: Hint, news?: ChatNews): void;
  /** `handler` must not throw. Returns the function that ends the subscription. */
  subscribe(handler: HintHandler): () => void;
  close(): Promise<void>;
};

export type HintHandler = (hint: Hint, news?: ChatNews) => void;

/** Carries hints between processes: the second bus behind the one in memory. */
export type HintRelay = {
  send(hint: Hint): void;
  close(): Promise<void>;
};

/** Starts a relay that hands what other processes published to `deliver`. */
export type ConnectRelay = (deliver: (hint: Hint) => void) => HintRelay;

/**
 * The bus of this process. `connectRelay` joins it to other processes' (`createHintRelay`); without it hints stay here,
 * which is right with the embedded database, since no other process shares that.
 */
export function createPubSub(options: { connectRelay?: ConnectRelay } = {}): PubSub {
  const handlers = new Set<HintHandler>();
  const deliver: HintHandler = (hint, news) => {
    for (const handler of [...handlers]) {
      try {
        handler(hint, news);
      } catch (err) {
        log.error("hint handler failed", { type: hint.type, err });
      }
    }
  };
  const relay = options.connectRelay?.((hint) => deliver(hint));
  return {
    publish(hint, news) {
      deliver(hint, news);
      relay?.send(hint);
    },
    subscribe(handler) {
      // A function of its own per subscription: the same handler may subscribe twice.
      const own: HintHandler = (hint, news) => handler(hint, news);
      handlers.add(own);
      return () => void handlers.delete(own);
    },
    async close() {
      handlers.clear();
      await relay?.close();
    },
  };
}
