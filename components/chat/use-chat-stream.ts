"use client";

import { useState, useSyncExternalStore } from "react";
import { type LiveState, useChatEvents } from "../live/use-live-stream";
import { type ChatSnapshot, type ChatState, createChatState } from "./chat-state";
import { type ChatStore, createChatStore } from "./chat-store";

/**
 * The state of an open chat: the server's snapshot, then the stream as its one ordered writer. `cursor` is the position
 * of the snapshot, so that nothing is sent twice and nothing is missed between the two.
 */
export function useChatStream(
  snapshot: ChatSnapshot,
  cursor: string | null,
): { store: ChatStore; connection: LiveState } {
  const [store] = useState(() => createChatStore(createChatState(snapshot)));
  const [connection, setConnection] = useState<LiveState>({ kind: "connecting" });
  useChatEvents(snapshot.chat.id, { cursor, onEvent: store.dispatch, onState: setConnection });
  return { store, connection };
}

/** A part of the state; drawn again only when that part is another value. `select` gives the same value for the same state. */
export function useChatPart<Value>(store: ChatStore, select: (state: ChatState) => Value): Value {
  const read = () => select(store.getState());
  return useSyncExternalStore(store.subscribe, read, read);
}
