import type { MultiplexedEvent } from "@/lib/contract/events";
import { createEventRing, type EventRing, type LiveMessage } from "./event-ring";
import { createLiveConnection, type LiveState } from "./live-connection";
import { type FromLeader, LIST, type ToLeader } from "./tab-protocol";

export type TabLeader = {
  receive(message: ToLeader): void;
  removeTab(tab: string): void;
  retryNow(): void;
  close(): void;
};

/** One less than what one connection may hold (30): the list counts too. */
const MAX_STREAMS = 29;

type Stream = { tabs: Set<string>; ring: EventRing };

/** The tab that holds the connection for all tabs of a person: it follows what any of them follows and passes events on. */
export function createTabLeader(options: { send: (message: FromLeader) => void; fetch?: typeof fetch }): TabLeader {
  const streams = new Map<string, Stream>();
  let state: LiveState = { kind: "connecting" };
  const connection = createLiveConnection({
    fetch: options.fetch,
    onState(next) {
      state = next;
      options.send({ type: "state", to: null, state });
    },
    onMessage: pass,
    onRefused(chatIds) {
      for (const stream of chatIds) {
        streams.delete(stream);
        options.send({ type: "dropped", to: null, stream });
      }
    },
  });

  function pass(message: LiveMessage<MultiplexedEvent>) {
    const name = message.chatId ?? LIST;
    const stream = streams.get(name);
    if (!stream) return;
    stream.ring.push(message);
    options.send({ type: "message", to: null, tabs: [...stream.tabs], message });
    if (message.event.type === "done") streams.delete(name);
  }

  function start(name: string, cursor: string | null): Stream {
    const stream = { tabs: new Set<string>(), ring: createEventRing(cursor) };
    streams.set(name, stream);
    if (name === LIST) connection.followList(cursor);
    else connection.followChat(name, cursor);
    return stream;
  }

  function follow({ from, stream: name, cursor }: Extract<ToLeader, { type: "follow" }>) {
    const known = streams.get(name);
    const answer = { to: from, stream: name, cursor };
    if (!known && streams.size >= MAX_STREAMS) return options.send({ ...answer, type: "refused" });
    const stream = known ?? start(name, cursor);
    let missed = cursor === null ? undefined : stream.ring.after(cursor);
    if (!known && name !== LIST) missed = [];
    if (!missed && name === LIST) missed = [{ chatId: null, id: "", event: { type: "resync" } }];
    if (!missed) return options.send({ ...answer, type: "refused" });
    stream.tabs.add(from);
    options.send({ ...answer, type: "accepted", missed: missed as LiveMessage<MultiplexedEvent>[] });
    options.send({ type: "state", to: null, state });
  }

  function unfollow(tab: string, name: string) {
    const stream = streams.get(name);
    if (!stream?.tabs.delete(tab) || stream.tabs.size > 0 || name === LIST) return;
    streams.delete(name);
    connection.unfollowChat(name);
  }

  return {
    receive(message) {
      if (message.type === "follow") follow(message);
      else unfollow(message.from, message.stream);
    },
    removeTab(tab) {
      for (const name of [...streams.keys()]) unfollow(tab, name);
    },
    retryNow: connection.retryNow,
    close: connection.close,
  };
}
