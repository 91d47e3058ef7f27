/**
 * One watched chat on this process: follows its rows and live parts and gives every viewer in step the same bytes.
 * Takes the news of this process's transitions, else reads the database once per hint, whatever the number of viewers;
 * writes nothing.
 */
import type { SqlExecutor } from "@/db/client";
import { type ChatState, findChatState } from "@/db/queries/streams";
import { log } from "@/lib/log";
import type { ChatNews } from "@/lib/pubsub";
import type { CatchUpSource, ChatViewer } from "./chat-catch-up";
import { createChatScreen } from "./chat-screen";
import { createChatViewers } from "./chat-viewers";
import type { Position } from "./cursor";
import type { PartLog } from "./part-log";
import { createPartsSource } from "./parts-source";

export type ChatFeed = CatchUpSource & {
  /** Brings a viewer up to date and keeps it so until it leaves. */
  join(viewer: ChatViewer, from: Position): Promise<void>;
  leave(viewer: ChatViewer): void;
  /** Tells one viewer that its stream of this chat is over. */
  dismiss(viewer: ChatViewer): void;
  /** The chat has this version: takes the news of it if they follow what is on screen, else reads. */
  hear(version: number, news: ChatNews | undefined): void;
  hearFrames(partLog: PartLog): void;
  /** Looks for parts that another process checkpointed. */
  followCheckpoints(): Promise<void>;
};

export function createChatFeed(options: {
  chatId: string;
  sql: SqlExecutor;
  /** The newest episode of the chat in this process's memory. */
  findLocalParts: () => PartLog | undefined;
  /** The last viewer has left. */
  onIdle: () => void;
}): ChatFeed {
  const { chatId, sql } = options;
  const viewers = createChatViewers(options);
  const screen = createChatScreen({ chatId, broadcast: viewers.broadcast });
  const parts = createPartsSource(options);

  const showParts = () => {
    if (!screen.state) return;
    const from = screen.position;
    // Whoever watches gets the parts so far instead of those that the ring has lost.
    if (!screen.showParts(parts.newest(screen.state))) viewers.rejoin(feed, from);
  };
  const apply = (news: ChatState) => {
    screen.apply(news);
    if (!news.isComplete) return;
    if (news.archived) viewers.dismissAll(screen.position);
    else showParts();
  };
  /** Rows were removed: every viewer starts again, each at its own pace. */
  const restart = () => {
    const from = screen.position;
    screen.clear();
    viewers.rejoin(feed, from);
  };
  const readNews = async (): Promise<void> => {
    const before = screen.state;
    if (!before) return;
    const { queueVersion: knownQueueVersion, resetVersion } = before;
    const news = await findChatState(sql, { chatId, afterId: screen.position.lastMessageId, knownQueueVersion });
    if (screen.state !== before) return;
    if (!news) return viewers.dismissAll(screen.position);
    if (news.resetVersion !== resetVersion) return restart();
    apply(news);
    if (!news.isComplete) await readNews();
  };
  /** Highest of the versions heard of: a first read may be older by the time it is there. */
  let heardVersion = 0;
  const refresher = createRefresher({ chatId, readNews, version: () => screen.state?.snapshotVersion });
  /** What may be shown without a read: nobody reads, and no row of a later version is on screen. */
  const askNews = (news: ChatNews): ChatState | undefined => {
    const known = screen.state;
    const isWhole = known && !refresher.isReading && screen.position.lastMessageId === known.lastMessageId;
    return isWhole ? news(known) : undefined;
  };

  const feed: ChatFeed = {
    chatId,
    get state() {
      return screen.state;
    },
    get position() {
      return screen.position;
    },
    get shown() {
      return screen.shown;
    },
    join: (viewer, from) => viewers.join(feed, viewer, from),
    admit: viewers.admit,
    leave: viewers.leave,
    dismiss: (viewer) => viewers.dismiss(viewer, screen.position),
    read: shareReads((afterId) => findChatState(sql, { chatId, afterId, knownQueueVersion: -1 })),
    async start(first, lastMessageId) {
      if (screen.state) return;
      screen.begin(first, lastMessageId);
      if (heardVersion > first.snapshotVersion) void refresher.refresh(heardVersion);
      showParts();
      if (!screen.shown) await feed.followCheckpoints();
    },
    refresh: refresher.refresh,
    hear(version, news) {
      heardVersion = Math.max(heardVersion, version);
      const told = news && askNews(news);
      if (told) apply(told);
      else void refresher.refresh(version);
    },
    hearFrames({ episode }) {
      const isAhead = screen.state && episode.historyVersion > screen.state.historyVersion;
      if (isAhead) void refresher.refresh(episode.historyVersion);
      else showParts();
    },
    async followCheckpoints() {
      if (screen.state && (await parts.follow(screen.state))) showParts();
    },
  };
  return feed;
}

/**
 * Reads again unless the version is known already; hints that come during a read share the next one. A read that fails
 * is repaired by the next hint or the poller.
 */
function createRefresher(options: {
  chatId: string;
  readNews: () => Promise<void>;
  version: () => number | undefined;
}): { readonly isReading: boolean; refresh: (version?: number) => Promise<void> } {
  let refreshing: Promise<void> | undefined;
  /** The highest version heard of while a read was under way. */
  let missedVersion = 0;

  const run = async () => {
    try {
      do {
        missedVersion = 0;
        await options.readNews();
      } while (missedVersion > (options.version() ?? missedVersion));
    } catch (err) {
      log.warn("chat not read for its viewers", { chatId: options.chatId, err });
    } finally {
      refreshing = undefined;
    }
  };

  return {
    get isReading() {
      return refreshing !== undefined;
    },
    refresh(version = Number.POSITIVE_INFINITY) {
      if (version <= (options.version() ?? -1)) return Promise.resolve();
      if (refreshing) missedVersion = Math.max(missedVersion, version);
      refreshing ??= run();
      return refreshing;
    },
  };
}

/** One read for all who ask for the same rows at the same time. */
function shareReads<T>(read: (afterId: number) => Promise<T>): (afterId: number) => Promise<T> {
  const reads = new Map<number, Promise<T>>();
  return (afterId) => {
    const known = reads.get(afterId);
    if (known) return known;
    const reading = read(afterId).finally(() => reads.delete(afterId));
    reads.set(afterId, reading);
    return reading;
  };
}
