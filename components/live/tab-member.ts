import { assertNever } from "@/lib/assert-never";
import type { MultiplexedEvent } from "@/lib/contract/events";
import type { LiveMessage } from "./event-ring";
import { createLiveConnection, type LiveConnection, type LiveState } from "./live-connection";
import { type FromLeader, LIST, type ToLeader } from "./tab-protocol";

export type StreamListener = { onEvent: (event: MultiplexedEvent) => void; onState?: (state: LiveState) => void };

export type TabMember = {
  subscribe(stream: string, cursor: string | null, listener: StreamListener): () => void;
  receive(message: FromLeader): void;
  close(): void;
};

/**
 * `asking`: the leader was asked and what comes on the own connection meanwhile waits in `held`. `shared`: the leader
 * delivers. `own`: the leader does not know our position, so this tab reads by itself and asks again at each event.
 */
type Subscription = {
  mode: "asking" | "shared" | "own";
  cursor: string | null;
  listener: StreamListener;
  own: LiveConnection | undefined;
  held: LiveMessage<MultiplexedEvent>[];
  answerTimer: ReturnType<typeof setTimeout> | undefined;
  askedAtMs: number;
};

/** A leading tab answers in milliseconds; one that does not is stuck, and nobody waits for it. */
const ANSWER_MS = 2_000;
/** Not at every token. */
const ASK_AGAIN_MS = 1_000;

/** A tab's side of the shared stream: each stream it follows comes from the leading tab, exactly once and in order. */
export function createTabMember(options: {
  tab: string;
  send: (message: ToLeader) => void;
  fetch?: typeof fetch;
}): TabMember {
  const subscriptions = new Map<string, Subscription>();
  let state: LiveState = { kind: "connecting" };

  function ask(stream: string, subscription: Subscription) {
    subscription.mode = "asking";
    subscription.askedAtMs = Date.now();
    clearTimeout(subscription.answerTimer);
    subscription.answerTimer = setTimeout(() => readAlone(stream, subscription), ANSWER_MS);
    options.send({ type: "follow", from: options.tab, stream, cursor: subscription.cursor });
  }

  function deliver(subscription: Subscription, message: LiveMessage<MultiplexedEvent>) {
    if (message.id) subscription.cursor = message.id;
    subscription.listener.onEvent(message.event);
  }

  function acceptShared(subscription: Subscription, missed: LiveMessage<MultiplexedEvent>[]) {
    clearTimeout(subscription.answerTimer);
    subscription.own?.close();
    subscription.own = undefined;
    subscription.held = [];
    subscription.mode = "shared";
    for (const message of missed) deliver(subscription, message);
    subscription.listener.onState?.(state);
  }

  function readAlone(stream: string, subscription: Subscription) {
    clearTimeout(subscription.answerTimer);
    subscription.mode = "own";
    const held = subscription.held;
    subscription.held = [];
    for (const message of held) deliver(subscription, message);
    if (subscription.own) return;
    const own = createLiveConnection({
      fetch: options.fetch,
      onState: (next) => subscription.listener.onState?.(next),
      onMessage: (message) => receiveOwn(stream, subscription, message),
    });
    subscription.own = own;
    if (stream === LIST) own.followList(subscription.cursor);
    else own.followChat(stream, subscription.cursor);
  }

  function receiveOwn(stream: string, subscription: Subscription, message: LiveMessage<MultiplexedEvent>) {
    if (subscription.mode === "asking") return void subscription.held.push(message);
    deliver(subscription, message);
    if (Date.now() - subscription.askedAtMs >= ASK_AGAIN_MS) ask(stream, subscription);
  }

  function receiveAnswer(message: Extract<FromLeader, { type: "accepted" | "refused" }>) {
    const subscription = subscriptions.get(message.stream);
    if (!subscription) return options.send({ type: "unfollow", from: options.tab, stream: message.stream });
    if (subscription.mode !== "asking" || subscription.cursor !== message.cursor) return;
    if (message.type === "accepted") acceptShared(subscription, message.missed);
    else readAlone(message.stream, subscription);
  }

  return {
    subscribe(stream, cursor, listener) {
      const subscription: Subscription = {
        mode: "asking",
        cursor,
        listener,
        own: undefined,
        held: [],
        answerTimer: undefined,
        askedAtMs: 0,
      };
      subscriptions.set(stream, subscription);
      ask(stream, subscription);
      return () => {
        clearTimeout(subscription.answerTimer);
        subscription.own?.close();
        if (subscriptions.get(stream) !== subscription) return;
        subscriptions.delete(stream);
        options.send({ type: "unfollow", from: options.tab, stream });
      };
    },
    receive(message) {
      if (message.to !== null && message.to !== options.tab) return;
      switch (message.type) {
        case "leader":
          for (const [stream, subscription] of subscriptions) ask(stream, subscription);
          return;
        case "accepted":
        case "refused":
          return receiveAnswer(message);
        case "dropped": {
          const subscription = subscriptions.get(message.stream);
          if (subscription?.mode === "shared") readAlone(message.stream, subscription);
          return;
        }
        case "message": {
          const subscription = subscriptions.get(message.message.chatId ?? LIST);
          if (subscription?.mode === "shared" && message.tabs.includes(options.tab)) {
            deliver(subscription, message.message);
          }
          return;
        }
        case "state":
          state = message.state;
          for (const subscription of subscriptions.values()) {
            if (subscription.mode === "shared") subscription.listener.onState?.(state);
          }
          return;
        default:
          assertNever(message);
      }
    },
    close() {
      for (const subscription of subscriptions.values()) {
        clearTimeout(subscription.answerTimer);
        subscription.own?.close();
      }
      subscriptions.clear();
    },
  };
}
