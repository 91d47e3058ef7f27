import { createTabLeader, type TabLeader } from "./tab-leader";
import { createTabMember, type TabMember } from "./tab-member";
import type { FromLeader, ToLeader } from "./tab-protocol";

export type TabHub = Pick<TabMember, "subscribe"> & { close(): void };

/**
 * All tabs of a person share one connection: browsers allow six to a host over HTTP/1.1. The tab that holds the lock
 * leads; when it goes, the next in line takes the lock and every tab asks it again with its own position. Where the
 * browser offers no locks (plain http on a network), each tab leads itself.
 */
export function createTabHub(options: { userId: string; fetch?: typeof fetch }): TabHub {
  const tab = crypto.randomUUID?.() ?? String(Math.random());
  const name = `slipway.live.${options.userId}`;
  const locks = navigator.locks as LockManager | undefined;
  const channel = locks ? new BroadcastChannel(name) : undefined;
  const closing = new AbortController();
  const knownTabs = new Set([tab]);
  const outbox: ToLeader[] = [];
  let leader: TabLeader | undefined;
  let isPresent = false;

  const member = createTabMember({
    tab,
    fetch: options.fetch,
    send(message) {
      if (leader) leader.receive(message);
      else if (isPresent) channel?.postMessage(message);
      else outbox.push(message);
    },
  });

  function sendAsLeader(message: FromLeader) {
    const isForOthers = message.type === "message" ? message.tabs.some((each) => each !== tab) : message.to !== tab;
    if (isForOthers) channel?.postMessage(message);
    if (message.to === null || message.to === tab) member.receive(message);
  }

  function lead() {
    leader = createTabLeader({ send: sendAsLeader, fetch: options.fetch });
    sendAsLeader({ type: "leader", to: null });
  }

  /** A tab holds its own lock for life, and from before its first word: getting it means that the tab is gone. */
  function watchTab(other: string) {
    if (knownTabs.has(other)) return;
    knownTabs.add(other);
    hold(`${name}.${other}`, () => {
      knownTabs.delete(other);
      leader?.removeTab(other);
      return Promise.resolve();
    });
  }

  function hold(lock: string, work: () => Promise<void>) {
    locks?.request(lock, { signal: closing.signal }, work).catch((error: unknown) => {
      if (!closing.signal.aborted) throw error;
    });
  }

  const untilClosed = () =>
    new Promise<void>((resolve) => closing.signal.addEventListener("abort", () => resolve(), { once: true }));

  channel?.addEventListener("message", ({ data }: MessageEvent<FromLeader | ToLeader>) => {
    if (!("from" in data)) member.receive(data);
    else if (leader) {
      watchTab(data.from);
      leader.receive(data);
    }
  });

  const retryNow = () => {
    if (document.visibilityState === "visible") leader?.retryNow();
  };
  window.addEventListener("online", retryNow, { signal: closing.signal });
  document.addEventListener("visibilitychange", retryNow, { signal: closing.signal });

  if (locks) {
    hold(`${name}.${tab}`, () => {
      isPresent = true;
      for (const message of outbox.splice(0)) channel?.postMessage(message);
      return untilClosed();
    });
    hold(name, () => {
      lead();
      return untilClosed();
    });
  } else {
    lead();
  }

  return {
    subscribe: member.subscribe,
    close() {
      closing.abort();
      member.close();
      leader?.close();
      channel?.close();
    },
  };
}
