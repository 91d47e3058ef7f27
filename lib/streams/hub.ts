/** Live parts and the streams that viewers hold. One per process. Reads the database; never writes chats but their read marks. */
import type { Sql } from "postgres";
import { createDatabase } from "@/db/client";
import { findChats } from "@/db/queries/chats";
import { markChatsRead } from "@/db/queries/streams";
import type { Clock } from "@/lib/clock";
import { notFound } from "@/lib/contract/errors";
import { settleParts } from "@/lib/contract/fold-parts";
import type { StoredPart } from "@/lib/contract/messages";
import { log } from "@/lib/log";
import type { HintHandler, PubSub } from "@/lib/pubsub";
import type { ChatViewer } from "./chat-catch-up";
import { type ChatFeed, createChatFeed } from "./chat-feed";
import { createCheckpointWriter } from "./checkpoints";
import { type Connection, createConnection } from "./connection";
import type { Position } from "./cursor";
import { createListFeed, type ListFeed } from "./list-feed";
import { createPartBuffer, type PartWriter } from "./part-buffer";
import type { Episode } from "./part-log";
import { createUpkeep } from "./upkeep";

export type { PartWriter } from "./part-buffer";
export type { Episode } from "./part-log";

/** Whom a stream is for; it ends when the credential is revoked. */
export type StreamActor = { userId: string; credentialId: string };

export type StreamRequest = {
  request: Request;
  actor: StreamActor;
  chats: { chatId: string; from: Position }[];
  /** Absent: no list. `from` undefined: the list as of now. */
  watch?: { from: number | "elsewhere" | undefined };
  /** The stream of one chat ends with it. */
  endsWithChat: boolean;
};

export type StreamHub = {
  /** Starts an episode on this process; the parts of an older episode of the chat are dropped with `preview_reset`. */
  openEpisode(episode: Episode): PartWriter;
  /** The episode's parts so far, folded into stored parts (text, reasoning, tool calls), from memory; undefined when unknown here. */
  partial(chatId: string): { episode: Episode; parts: StoredPart[] } | undefined;
  /** Answers with a `text/event-stream`. @throws ApiError `not_found` when a chat is not the person's. */
  open(stream: StreamRequest): Promise<Response>;
  /** The place in a person's list from which nothing is missed: take it before reading the list, resume from it after. */
  listCursor(ownerId: string): string;
  readonly bootId: string;
  /** Open streams of this process. */
  readonly openCount: number;
  /** Chats that somebody watches here. */
  readonly watchedCount: number;
  /** Ends every stream; clients reconnect elsewhere. */
  close(): Promise<void>;
};

/** A list that nobody watches is kept this long, for whoever comes back with a cursor. */
const IDLE_LIST_KEPT_MS = 10 * 60_000;

type OpenStream = { connection: Connection; actor: StreamActor; viewers: { feed: ChatFeed; viewer: ChatViewer }[] };

export function createStreamHub(options: { sql: Sql; pubsub: PubSub; clock: Clock; bootId: string }): StreamHub {
  const { sql, pubsub, clock, bootId } = options;
  const db = createDatabase(sql);
  const feeds = new Map<string, ChatFeed>();
  const lists = new Map<string, { feed: ListFeed; usedAt: number }>();
  const streams = new Map<Connection, OpenStream>();

  const checkpoints = createCheckpointWriter({
    sql,
    clock,
    onWritten: (chatIds) => {
      for (const chatId of chatIds) pubsub.publish({ type: "parts", chatId });
    },
  });
  const parts = createPartBuffer({
    clock,
    onFrames: (partLog, frames) => {
      feeds.get(partLog.episode.chatId)?.hearFrames(partLog);
      checkpoints.add(partLog, frames);
    },
  });

  const feedOf = (chatId: string): ChatFeed => {
    const known = feeds.get(chatId);
    if (known) return known;
    const feed = createChatFeed({
      chatId,
      sql,
      findLocalParts: () => parts.find(chatId),
      onIdle: () => void (feeds.get(chatId) === feed && feeds.delete(chatId)),
    });
    feeds.set(chatId, feed);
    return feed;
  };
  const listOf = (ownerId: string): ListFeed => {
    const known = lists.get(ownerId);
    const feed = known?.feed ?? createListFeed({ bootId, loadChats: (chatIds) => findChats(db, { chatIds, ownerId }) });
    lists.set(ownerId, { feed, usedAt: clock.now() });
    return feed;
  };

  const hear: HintHandler = (hint, news) => {
    switch (hint.type) {
      case "chat":
        if (hint.version > 0) feeds.get(hint.chatId)?.hear(hint.version, news);
        else if (hint.watch.includes("deleted")) hearArchived(hint.ownerId);
        lists.get(hint.ownerId)?.feed.hear({ chatId: hint.chatId, kinds: hint.watch, version: hint.version });
        return;
      case "parts":
        return followCheckpoints(hint.chatId);
      case "resync":
        for (const feed of feeds.values()) void feed.refresh();
        for (const { feed } of lists.values()) feed.resync();
        return;
    }
  };
  /** A root takes its tree along, and none of them moves its version. */
  const hearArchived = (ownerId: string) => {
    for (const feed of feeds.values()) if (feed.state?.ownerId === ownerId) void feed.refresh();
  };
  const followCheckpoints = (chatId: string) => {
    feeds
      .get(chatId)
      ?.followCheckpoints()
      .catch((err) => log.warn("checkpoints not followed", { chatId, err }));
  };
  const unsubscribe = pubsub.subscribe(hear);

  const dropIdleLists = () => {
    for (const [ownerId, { feed, usedAt }] of lists) {
      if (feed.viewerCount > 0) lists.set(ownerId, { feed, usedAt: clock.now() });
      else if (clock.now() - usedAt > IDLE_LIST_KEPT_MS) lists.delete(ownerId);
    }
  };

  const upkeep = createUpkeep({
    sql,
    clock,
    connections: () => streams.keys(),
    watched: () => ({
      chatIds: [...feeds.keys()],
      ownerIds: [...lists].flatMap(([ownerId, { feed }]) => (feed.viewerCount > 0 ? [ownerId] : [])),
    }),
    onVersion: ({ chatId, ownerId, version, archived }) => {
      const feed = feeds.get(chatId);
      if (ownerId === null) void feed?.refresh(archived === feed.state?.archived ? version : undefined);
      // An archived chat has left the list; telling of its last change would bring it back.
      else if (!archived) lists.get(ownerId)?.feed.hear({ chatId, kinds: ["status_change"], version });
    },
    credentialIds: () => [...new Set([...streams.values()].map(({ actor }) => actor.credentialId))],
    onLost: (credentialIds) => {
      for (const stream of [...streams.values()]) {
        if (credentialIds.has(stream.actor.credentialId)) endWithoutAccess(stream);
      }
    },
    onTick: () => {
      for (const chatId of feeds.keys()) followCheckpoints(chatId);
      dropIdleLists();
    },
  });

  const endWithoutAccess = ({ connection, viewers }: OpenStream) => {
    for (const { feed, viewer } of viewers) feed.dismiss(viewer);
    connection.close();
  };

  const markRead = async (chatIds: string[], ownerId: string) =>
    chatIds.length === 0 ? [] : markChatsRead(sql, { chatIds, ownerId });

  const onClose = (connection: Connection, { actor, viewers }: OpenStream) => {
    streams.delete(connection);
    for (const { feed, viewer } of viewers) feed.leave(viewer);
    lists.get(actor.userId)?.feed.leave(connection);
    const chatIds = viewers.map(({ feed }) => feed.chatId);
    markRead(chatIds, actor.userId).catch((err) => log.warn("chat not marked read", { chatIds, err }));
  };

  const open = async ({ request, actor, chats, watch, endsWithChat }: StreamRequest): Promise<Response> => {
    const found = await markRead(
      chats.map((chat) => chat.chatId),
      actor.userId,
    );
    if (found.length < chats.length) throw notFound();
    const archived = new Set(found.flatMap((chat) => (chat.archived ? [chat.chatId] : [])));
    const wanted = chats.filter(({ chatId, from }) => !(from.isDone && archived.has(chatId)));
    // EventSource reconnects for ever unless it is told that nothing follows.
    if ((wanted.length === 0 && !watch) || request.signal.aborted) return new Response(null, { status: 204 });

    const list = watch && listOf(actor.userId);
    const connection = createConnection({
      request,
      ...(list && watch.from === undefined ? { firstId: list.cursor() } : {}),
      onClose: () => onClose(connection, stream),
    });
    const stream: OpenStream = { connection, actor, viewers: [] };
    streams.set(connection, stream);
    upkeep.start();
    if (list) void list.join(connection, watch.from).catch((err) => cutOff(connection, err));
    for (const { chatId, from } of wanted) {
      const feed = feedOf(chatId);
      const viewer: ChatViewer = {
        connection,
        afterId: from.resetVersion === -1 ? from.lastMessageId : 0,
        onDone: () => void (endsWithChat && connection.close()),
      };
      stream.viewers.push({ feed, viewer });
      void feed.join(viewer, { ...from, isDone: false });
    }
    return connection.response;
  };

  return {
    openEpisode: (episode) => parts.open(episode),
    partial(chatId) {
      parts.flush(chatId);
      const found = parts.find(chatId);
      return found && { episode: found.episode, parts: settleParts(found.folded()) };
    },
    open,
    listCursor: (ownerId) => listOf(ownerId).cursor(),
    bootId,
    get openCount() {
      return streams.size;
    },
    get watchedCount() {
      return feeds.size;
    },
    async close() {
      unsubscribe();
      upkeep.stop();
      for (const connection of [...streams.keys()]) connection.close();
      parts.close();
      await checkpoints.flush();
    },
  };
}

const cutOff = (connection: Connection, err: unknown) => {
  log.warn("list stream cut off while it caught up", { err });
  connection.close();
};
