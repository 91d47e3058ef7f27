/** The events of a chat as bytes, and which of them a change of state calls for. Pure. */
import type { ChatState } from "@/db/queries/streams";
import type { ChatEvent, StatusEvent } from "@/lib/contract/events";
import type { Message } from "@/lib/contract/messages";
import { encodeSseEvent } from "@/lib/contract/sse";
import { encodeCursor, type Position } from "./cursor";
import type { Episode, Frame } from "./part-log";

const encoder = new TextEncoder();

/** An event with the position after it. Every event names its chat, so that one encoding serves both kinds of stream. */
export function encodeChatEvent(chatId: string, event: ChatEvent, at: Position): Uint8Array {
  const { type, ...data } = event;
  return encoder.encode(
    encodeSseEvent({
      event: type,
      id: encodeCursor(chatId, at),
      data: JSON.stringify({ type, chat_id: chatId, ...data }),
    }),
  );
}

/** A live part; its JSON is taken from the frame as it is. */
export function encodePartEvent(episode: Episode, frame: Frame, at: Position): Uint8Array {
  const { chatId, historyVersion, attempt } = episode;
  const data = `{"type":"message_part","chat_id":"${chatId}","role":"${frame.role}","part":${frame.json},"episode":"${historyVersion}.${attempt}","seq":${frame.seq}}`;
  return encoder.encode(encodeSseEvent({ event: "message_part", id: encodeCursor(chatId, at), data }));
}

/** What a viewer must hear about the state itself, in this order; `known` is what it knows already. */
export function stateEvents(state: ChatState, known: ChatState | undefined): ChatEvent[] {
  const events: ChatEvent[] = [];
  const isNews =
    !known ||
    known.status !== state.status ||
    known.pauseReason !== state.pauseReason ||
    known.updatedAt !== state.updatedAt ||
    JSON.stringify(known.retryState) !== JSON.stringify(state.retryState);
  if (isNews) events.push(statusEvent(state));
  if (state.queue && state.queueVersion !== known?.queueVersion) {
    events.push({ type: "queue_update", queued_messages: state.queue });
  }
  if (!isNews) return events;
  if (state.status === "paused" && state.pauseReason) {
    events.push({ type: "action_required", pause_reason: state.pauseReason, tool_calls: state.waitingCalls });
  }
  if (state.status === "error" && state.lastError) events.push({ type: "error", ...state.lastError });
  if (state.retryState) events.push({ type: "retry", ...state.retryState });
  return events;
}

const statusEvent = (state: ChatState): StatusEvent => ({
  type: "status",
  status: state.status,
  pause_reason: state.pauseReason,
  version: state.snapshotVersion,
  updated_at: state.updatedAt,
});

/** Whether this row is the one that an episode ends with: the answer, or the results. */
export const endsEpisode = (message: Message, historyVersion: number, episode: { historyVersion: number }): boolean =>
  (message.role === "assistant" || message.role === "tool") && historyVersion > episode.historyVersion;

/** Whether no row can come any more for an episode that had none so far. */
export function isEpisodeOver(state: ChatState, episode: Episode): boolean {
  if (episode.historyVersion !== state.historyVersion) return episode.historyVersion < state.historyVersion;
  const isSettled = state.status === "waiting" || state.status === "completed" || state.status === "error";
  return isSettled && episode.attempt <= state.attempt;
}
