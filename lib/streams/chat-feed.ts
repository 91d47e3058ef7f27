/**
 * One watched chat on this process: follows its rows and live parts and gives every viewer in step the same bytes.
 * Reads the database once per hint, whatever the number of viewers; writes nothing.
 */
import type { SqlExecutor } from "@/db/client";
import { listCheckpointedFrames } from "@/db/queries/part-checkpoints";
import { type ChatState, findChatState, type StreamMessage } from "@/db/queries/streams";
import type { ChatEvent } from "@/lib/contract/events";
import { log } from "@/lib/log";
import { type CatchUpSource, type ChatViewer, catchUp } from "./chat-catch-up";
import { encodeChatEvent, encodePartEvent, endsEpisode, isEpisodeOver, stateEvents } from "./chat-events";
import { type Position, showsParts, startPosition, withoutParts } from "./cursor";
import { createPartLog, type Frame, isSameEpisode, type PartLog } from "./part-log";

export type ChatFeed = CatchUpSource & {
  /** Brings a viewer up to date and keeps it so until it leaves. */
  join(viewer: ChatViewer, from: Position): Promise<void>;
  leave(viewer: ChatViewer): void;
  /** Tells one viewer that its stream of this chat is over. */
  dismiss(viewer: ChatViewer): void;
  hearFrames(partLog: PartLog): void;
  /** Looks for parts that another process checkpointed. */
  followCheckpoints(): Promise<void>;
  /** Ends every view with `done`. */
  end(): void;
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
  const live = new Set<ChatViewer>();
  const joining = new Set<ChatViewer>();
  const reads = new Map<number, Promise<ChatState | undefined>>();
  let state: ChatState | undefined;
  let position = startPosition();
  let shown: PartLog | undefined;
  let remote: PartLog | undefined;
  let refreshing: Promise<void> | undefined;
  /** The highest version heard of while a read was under way. */
  let missedVersion = 0;

  const broadcast = (bytes: Uint8Array, messageId = Number.POSITIVE_INFINITY) => {
    for (const viewer of live) if (messageId > viewer.afterId) viewer.connection.send(bytes);
  };
  const emit = (event: ChatEvent, next: Position, messageId?: number) => {
    position = next;
    if (live.size > 0) broadcast(encodeChatEvent(chatId, event, next), messageId);
  };
  const dropParts = () => {
    if (showsParts(position)) emit({ type: "preview_reset" }, withoutParts(position));
    shown = undefined;
  };

  const emitMessage = ({ message, historyVersion }: StreamMessage) => {
    let next = { ...position, lastMessageId: message.id };
    if (shown && endsEpisode(message, historyVersion, shown.episode)) {
      next = withoutParts(next);
      shown = undefined;
    }
    emit({ type: "message", message }, next, message.id);
  };

  const apply = (news: ChatState) => {
    for (const message of news.messages) emitMessage(message);
    if (!news.isComplete) return;
    const known = state;
    state = { ...news, queue: news.queue ?? known?.queue ?? [], messages: [] };
    if (shown && isEpisodeOver(news, shown.episode)) dropParts();
    const events = stateEvents(news, known);
    // The version moves with the last event: whoever is cut off before it hears of the state again.
    for (const [index, event] of events.entries()) {
      emit(event, index === events.length - 1 ? { ...position, version: news.snapshotVersion } : position);
    }
    position = { ...position, version: news.snapshotVersion };
    if (news.archived) finish();
    else showParts();
  };

  const showParts = () => {
    if (!state) return;
    const candidate = newestParts();
    if (candidate && candidate !== shown && candidate.lastSeq > 0 && isShowable(state, candidate)) {
      dropParts();
      shown = candidate;
    }
    if (!shown) return;
    const frames = shown.framesAfter(shownSeq(shown));
    if (!frames) return skipTo(shown);
    for (const frame of frames) emitFrame(shown, frame);
  };
  /** The ring no longer has what follows: whoever watches gets the parts so far instead. */
  const skipTo = ({ episode, lastSeq }: PartLog) => {
    const from = position;
    position = { ...position, historyVersion: episode.historyVersion, attempt: episode.attempt, seq: lastSeq };
    rejoin(from);
  };
  const shownSeq = (partLog: PartLog) =>
    position.historyVersion === partLog.episode.historyVersion && position.attempt === partLog.episode.attempt
      ? position.seq
      : 0;
  const emitFrame = ({ episode }: PartLog, frame: Frame) => {
    const { historyVersion, attempt } = episode;
    position = { ...position, historyVersion, attempt, seq: frame.seq };
    if (live.size > 0) broadcast(encodePartEvent(episode, frame, position));
  };
  const newestParts = (): PartLog | undefined => {
    const local = options.findLocalParts();
    return local && state && isShowable(state, local) ? local : (remote ?? local);
  };

  const finish = () => {
    for (const viewer of [...live]) feed.dismiss(viewer);
  };

  /** Rows were removed: every viewer starts again, each at its own pace. */
  const restart = () => {
    const from = position;
    state = undefined;
    shown = undefined;
    position = startPosition();
    rejoin(from);
  };
  const rejoin = (from: Position) => {
    for (const viewer of [...live]) {
      live.delete(viewer);
      void feed.join(viewer, from);
    }
  };

  const refreshOnce = async () => {
    if (!state) return;
    const before = state;
    const news = await findChatState(sql, {
      chatId,
      afterId: position.lastMessageId,
      knownQueueVersion: before.queueVersion,
    });
    if (state !== before) return;
    if (!news) return feed.end();
    if (news.resetVersion !== before.resetVersion) return restart();
    apply(news);
    if (!news.isComplete) await refreshOnce();
  };

  const refreshUntil = async () => {
    try {
      do {
        missedVersion = 0;
        await refreshOnce();
      } while (state && missedVersion > state.snapshotVersion);
    } catch (err) {
      log.warn("chat not read for its viewers", { chatId, err });
    } finally {
      refreshing = undefined;
    }
  };

  const leaveIdle = () => {
    if (live.size === 0 && joining.size === 0) options.onIdle();
  };

  const feed: ChatFeed = {
    chatId,
    get state() {
      return state;
    },
    get position() {
      return position;
    },
    get shown() {
      return shown;
    },
    async join(viewer, from) {
      joining.add(viewer);
      try {
        await catchUp(feed, viewer, from);
      } catch (err) {
        log.warn("stream cut off while it caught up", { chatId, err });
        viewer.connection.close();
      } finally {
        joining.delete(viewer);
        leaveIdle();
      }
    },
    leave(viewer) {
      live.delete(viewer);
      leaveIdle();
    },
    dismiss(viewer) {
      viewer.connection.send(encodeChatEvent(chatId, { type: "done" }, { ...position, isDone: true }));
      feed.leave(viewer);
      viewer.onDone();
    },
    admit(viewer) {
      if (!viewer.connection.isClosed) live.add(viewer);
    },
    read(afterId) {
      const known = reads.get(afterId);
      if (known) return known;
      const reading = findChatState(sql, { chatId, afterId, knownQueueVersion: -1 }).finally(() =>
        reads.delete(afterId),
      );
      reads.set(afterId, reading);
      return reading;
    },
    async start(first, lastMessageId) {
      if (state) return;
      state = { ...first, messages: [] };
      position = {
        ...startPosition(lastMessageId),
        resetVersion: first.resetVersion,
        version: first.snapshotVersion,
      };
      showParts();
      if (!shown) await feed.followCheckpoints();
    },
    refresh(version) {
      if (version !== undefined && state && version <= state.snapshotVersion) return Promise.resolve();
      if (refreshing) missedVersion = Math.max(missedVersion, version ?? Number.POSITIVE_INFINITY);
      refreshing ??= refreshUntil();
      return refreshing;
    },
    hearFrames(partLog) {
      if (state && partLog.episode.historyVersion > state.historyVersion)
        void feed.refresh(partLog.episode.historyVersion);
      else showParts();
    },
    async followCheckpoints() {
      const before = state;
      if (!before || !isWorking(before)) return;
      const episode = { chatId, historyVersion: before.historyVersion, attempt: before.attempt };
      const local = options.findLocalParts();
      if (local && isSameEpisode(local.episode, episode)) return;
      if (!remote || !isSameEpisode(remote.episode, episode)) remote = createPartLog(episode);
      const target = remote;
      const frames = await listCheckpointedFrames(sql, { ...episode, afterSeq: target.lastSeq });
      for (const frame of frames) if (frame.seq === target.lastSeq + 1) target.add(frame.role, frame.part);
      if (frames.length > 0) showParts();
    },
    end: finish,
  };
  return feed;
}

/** Whether parts can exist: a worker has the chat, or had it. */
const isWorking = (state: ChatState): boolean =>
  state.status === "running" || state.status === "interrupting" || state.status === "pending";

/** Parts wait until all rows before them are there, and stay away once their episode is over or replaced. */
const isShowable = (state: ChatState, { episode }: PartLog): boolean =>
  episode.historyVersion === state.historyVersion && episode.attempt >= state.attempt && !isEpisodeOver(state, episode);
