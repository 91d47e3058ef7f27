/** What every viewer in step has on screen: folds changes of state and live parts into events. Reads nothing. */
import type { ChatState, StreamMessage } from "@/db/queries/streams";
import type { ChatEvent } from "@/lib/contract/events";
import { encodeChatEvent, encodePartEvent, endsEpisode, isEpisodeOver, stateEvents } from "./chat-events";
import { type Position, showsParts, startPosition, withoutParts } from "./cursor";
import type { Episode, Frame, PartLog } from "./part-log";

export type ChatScreen = {
  /** Undefined before the first read. */
  readonly state: ChatState | undefined;
  readonly position: Position;
  /** The parts on screen. */
  readonly shown: PartLog | undefined;
  /** Makes the first complete read the state. */
  begin(state: ChatState, lastMessageId: number): void;
  /** Rows first, then what they end, then the state. Rows of an incomplete read only. */
  apply(news: ChatState): void;
  /** Shows the newest of these parts. False: the ring has lost some, and the position skipped them. */
  showParts(candidate: PartLog | undefined): boolean;
  clear(): void;
};

/** `broadcast` sends to whoever is live; it encodes only when somebody is. Rows carry their id. */
export function createChatScreen(options: {
  chatId: string;
  broadcast: (encode: () => Uint8Array, messageId?: number) => void;
}): ChatScreen {
  const { chatId, broadcast } = options;
  let state: ChatState | undefined;
  let position = startPosition();
  let shown: PartLog | undefined;

  const emit = (event: ChatEvent, next: Position, messageId?: number) => {
    position = next;
    broadcast(() => encodeChatEvent(chatId, event, next), messageId);
  };
  const emitMessage = ({ message, historyVersion }: StreamMessage) => {
    const isEnd = shown && endsEpisode(message, historyVersion, shown.episode);
    if (isEnd) shown = undefined;
    const next = { ...position, lastMessageId: message.id };
    emit({ type: "message", message }, isEnd ? withoutParts(next) : next, message.id);
  };
  const emitFrame = (episode: Episode, frame: Frame) => {
    position = { ...position, ...numbersOf(episode), seq: frame.seq };
    broadcast(() => encodePartEvent(episode, frame, position));
  };
  const dropParts = () => {
    if (showsParts(position)) emit({ type: "preview_reset" }, withoutParts(position));
    shown = undefined;
  };

  return {
    get state() {
      return state;
    },
    get position() {
      return position;
    },
    get shown() {
      return shown;
    },
    begin(first, lastMessageId) {
      state = { ...first, messages: [] };
      const { resetVersion, snapshotVersion: version } = first;
      position = { ...startPosition(lastMessageId), resetVersion, version };
    },
    apply(news) {
      for (const message of news.messages) emitMessage(message);
      if (!news.isComplete) return;
      const known = state;
      state = { ...news, queue: news.queue ?? known?.queue ?? [], messages: [] };
      if (shown && isEpisodeOver(news, shown.episode)) dropParts();
      const events = stateEvents(news, known);
      // The version moves with the last event: whoever is cut off before it hears of the state again.
      for (const event of events.slice(0, -1)) emit(event, position);
      const next = { ...position, version: news.snapshotVersion };
      for (const event of events.slice(-1)) emit(event, next);
      position = next;
    },
    showParts(candidate) {
      if (state && candidate && candidate !== shown && candidate.lastSeq > 0 && isShowable(state, candidate)) {
        dropParts();
        shown = candidate;
      }
      if (!shown) return true;
      const { episode, lastSeq } = shown;
      const frames = shown.framesAfter(isAt(position, episode) ? position.seq : 0);
      for (const frame of frames ?? []) emitFrame(episode, frame);
      if (!frames) position = { ...position, ...numbersOf(episode), seq: lastSeq };
      return frames !== undefined;
    },
    clear() {
      state = undefined;
      shown = undefined;
      position = startPosition();
    },
  };
}

/** Parts wait until all rows before them are there, and stay away once their episode is over or replaced. */
export const isShowable = (state: ChatState, { episode }: PartLog): boolean =>
  episode.historyVersion === state.historyVersion && episode.attempt >= state.attempt && !isEpisodeOver(state, episode);

const numbersOf = ({ historyVersion, attempt }: Episode) => ({ historyVersion, attempt });

const isAt = (position: Position, episode: Episode): boolean =>
  position.historyVersion === episode.historyVersion && position.attempt === episode.attempt;
