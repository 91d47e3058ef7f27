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
): { store: ChatStore; state: ChatState; connection: LiveState } {
  const [store] = useState(() => createChatStore(createChatState(snapshot)));
  const [connection, setConnection] = useState<LiveState>({ kind: "connecting" });
  useChatEvents(snapshot.chat.id, { cursor, onEvent: store.dispatch, onState: setConnection });
  const state = useSyncExternalStore(store.subscribe, store.getState, store.getState);
  return { store, state, connection };
}
