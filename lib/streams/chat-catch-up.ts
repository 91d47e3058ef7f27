/** Brings one viewer from its cursor to where the others are, as fast as it reads. Sends to that viewer only. */
import type { ChatState } from "@/db/queries/streams";
import type { ChatEvent } from "@/lib/contract/events";
import { unfoldPart } from "@/lib/contract/fold-parts";
import { encodeChatEvent, encodePartEvent, endsEpisode, stateEvents } from "./chat-events";
import type { Connection } from "./connection";
import { type Position, showsParts, startPosition, withoutParts } from "./cursor";
import type { Frame, PartLog } from "./part-log";

/** One person's view of a chat on one connection. */
export type ChatViewer = {
  connection: Connection;
  /** Rows up to this id are not sent: the client has them. */
  afterId: number;
  /** The stream of this chat ended on purpose. */
  onDone: () => void;
};

/** What a viewer catches up with. */
export type CatchUpSource = {
  readonly chatId: string;
  /** The state and position that every live viewer has; undefined before the first read. */
  readonly state: ChatState | undefined;
  readonly position: Position;
  /** The parts on screen. */
  readonly shown: PartLog | undefined;
  /** Takes a viewer that has exactly `position` into the live ones. */
  admit(viewer: ChatViewer): void;
  /** Reads once for all who ask for the same rows at the same time. */
  read(afterId: number): Promise<ChatState | undefined>;
  /** Makes the first complete read the state of the feed. */
  start(state: ChatState, lastMessageId: number): Promise<void>;
  /** Reads again unless the version is known already. */
  refresh(version?: number): Promise<void>;
};

/**
 * Rows first, then the state, then the parts so far; again while anything moved meanwhile. The last check and the
 * admission happen without a pause between them, so nothing is lost and nothing comes twice.
 */
export async function catchUp(feed: CatchUpSource, viewer: ChatViewer, from: Position): Promise<void> {
  let at = from;
  let hasRead = false;
  // A page that the server drew knows its rows, but neither state nor parts; so does who was cut off before them.
  let isNew = from.version === -1;
  const hasCursor = from.resetVersion !== -1;
  while (!viewer.connection.isClosed) {
    if (!hasRead || !feed.state || !hasRowsOf(at, feed)) {
      const rows = await sendRows(feed, viewer, at);
      if (!rows) return finish(feed, viewer, at);
      at = rows;
      hasRead = true;
      continue;
    }
    if (at.version !== feed.position.version) {
      at = await sendState(feed, viewer, at, feed.state);
      continue;
    }
    if (!hasPartsOf(at, feed)) {
      // With a cursor, parts begin at the first one or after a reset.
      if (isNew && hasCursor && feed.shown) await send(feed, viewer, { type: "preview_reset" }, at);
      at = await sendParts(feed, viewer, at, isNew);
      isNew &&= !showsParts(at);
      continue;
    }
    if (feed.state.archived) return finish(feed, viewer, at);
    return feed.admit(viewer);
  }
}

/** One read's worth of rows. Undefined: the chat is gone. */
async function sendRows(feed: CatchUpSource, viewer: ChatViewer, from: Position): Promise<Position | undefined> {
  const page = await feed.read(from.lastMessageId);
  if (!page) return undefined;
  let at = from;
  if (at.resetVersion === -1) at = { ...at, resetVersion: page.resetVersion };
  if (at.resetVersion !== page.resetVersion) return sendHistoryReset(feed, viewer, at, page);
  for (const { message, historyVersion } of page.messages) {
    at = { ...at, lastMessageId: message.id };
    if (showsParts(at) && endsEpisode(message, historyVersion, at)) at = withoutParts(at);
    if (message.id > viewer.afterId) await send(feed, viewer, { type: "message", message }, at);
  }
  if (!page.isComplete) return at;
  // An id above every row: nothing before it can be missing, but what follows would be.
  at = { ...at, lastMessageId: Math.min(at.lastMessageId, page.lastMessageId) };
  await meetFeed(feed, page, at);
  return at;
}

/** The feed may be behind this read, or not have begun. */
async function meetFeed(feed: CatchUpSource, page: ChatState, at: Position): Promise<void> {
  if (!feed.state) return feed.start(page, at.lastMessageId);
  const isAhead = at.lastMessageId > feed.position.lastMessageId || page.resetVersion > feed.position.resetVersion;
  if (isAhead || page.snapshotVersion > feed.state.snapshotVersion) await feed.refresh(page.snapshotVersion);
}

async function sendHistoryReset(
  feed: CatchUpSource,
  viewer: ChatViewer,
  from: Position,
  page: ChatState,
): Promise<Position> {
  let at = from;
  if (showsParts(at)) {
    at = withoutParts(at);
    await send(feed, viewer, { type: "preview_reset" }, at);
  }
  at = { ...startPosition(), resetVersion: page.resetVersion };
  viewer.afterId = 0;
  await send(feed, viewer, { type: "history_reset" }, at);
  return at;
}

async function sendState(feed: CatchUpSource, viewer: ChatViewer, from: Position, state: ChatState): Promise<Position> {
  const { version } = feed.position;
  const events = stateEvents(state, undefined);
  for (const [index, event] of events.entries()) {
    await send(feed, viewer, event, index === events.length - 1 ? { ...from, version } : from);
  }
  return { ...from, version };
}

const hasRowsOf = (at: Position, { position }: CatchUpSource): boolean =>
  at.resetVersion === position.resetVersion && at.lastMessageId === position.lastMessageId;

const hasPartsOf = (at: Position, { position }: CatchUpSource): boolean =>
  at.historyVersion === position.historyVersion && at.attempt === position.attempt && at.seq === position.seq;

/** A viewer that resumes gets every frame it lacks; parts may come folded to a new one, and after `preview_reset`. */
async function sendParts(feed: CatchUpSource, viewer: ChatViewer, from: Position, isNew: boolean): Promise<Position> {
  const { shown, position } = feed;
  const isShowing = shown && showsParts(position);
  const missing = isShowing ? missingFrames(shown, position, from, isNew) : undefined;
  if (shown && missing) {
    let at = { ...from, historyVersion: position.historyVersion, attempt: position.attempt };
    for (const frame of missing) {
      at = { ...at, seq: frame.seq };
      await sendPart(viewer, shown, frame, at);
    }
    return at;
  }
  if (showsParts(from) || (isShowing && !isNew)) {
    await send(feed, viewer, { type: "preview_reset" }, withoutParts(from));
  }
  return isShowing ? sendFolded(viewer, shown, { ...from, ...episodeOf(position) }) : withoutParts(from);
}

function missingFrames(
  shown: PartLog,
  position: Position,
  from: Position,
  isNew: boolean,
): readonly Frame[] | undefined {
  if (!showsParts(from)) return isNew ? undefined : shown.framesAfter(0);
  return showSameEpisode(from, position) && from.seq > 0 ? shown.framesAfter(from.seq) : undefined;
}

/** They take the last numbers, so that the next live frame follows. Only the last of them is a place to resume. */
async function sendFolded(viewer: ChatViewer, shown: PartLog, from: Position): Promise<Position> {
  const { lastSeq } = shown;
  const folded = shown.folded();
  for (const [index, part] of folded.entries()) {
    const seq = lastSeq - folded.length + 1 + index;
    const frame = { seq, role: part.role, json: JSON.stringify(unfoldPart(part)) };
    await sendPart(viewer, shown, frame, { ...from, seq: index === folded.length - 1 ? lastSeq : 0 });
  }
  return { ...from, seq: lastSeq };
}

const episodeOf = ({ historyVersion, attempt }: Position) => ({ historyVersion, attempt });

const showSameEpisode = (a: Position, b: Position): boolean =>
  a.historyVersion === b.historyVersion && a.attempt === b.attempt;

async function finish(feed: CatchUpSource, viewer: ChatViewer, from: Position): Promise<void> {
  await send(feed, viewer, { type: "done" }, { ...from, isDone: true });
  viewer.onDone();
}

const send = (feed: CatchUpSource, viewer: ChatViewer, event: ChatEvent, next: Position): Promise<void> =>
  sendPaced(viewer, encodeChatEvent(feed.chatId, event, next));

const sendPart = (viewer: ChatViewer, { episode }: PartLog, frame: Frame, next: Position): Promise<void> =>
  sendPaced(viewer, encodePartEvent(episode, frame, next));

async function sendPaced({ connection }: ChatViewer, bytes: Uint8Array): Promise<void> {
  while (!connection.isClosed && !connection.hasRoom(bytes)) await connection.waitForRoom();
  connection.send(bytes);
}
