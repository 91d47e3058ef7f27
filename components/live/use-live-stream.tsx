"use client";

import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from "react";
import type { ChatEvent, MultiplexedEvent, WatchEvent } from "@/lib/contract/events";
import type { LiveState } from "./live-connection";
import { createTabHub, type TabHub } from "./tab-hub";
import { LIST } from "./tab-protocol";

export type { LiveState } from "./live-connection";

const LiveContext = createContext<TabHub | null>(null);

/** Around the pages that are live; one per tab, of the person who is signed in. */
export function LiveProvider({ userId, children }: { userId: string; children: ReactNode }) {
  const [hub, setHub] = useState<TabHub | null>(null);
  useEffect(() => {
    const created = createTabHub({ userId });
    setHub(created);
    return () => created.close();
  }, [userId]);
  return <LiveContext value={hub}>{children}</LiveContext>;
}

type ChatEventsOptions = {
  /** The position of the snapshot that the page shows; null: everything is sent from the beginning. */
  cursor: string | null;
  /** In order, each once. */
  onEvent: (event: ChatEvent) => void;
  onState?: (state: LiveState) => void;
};

/** The live events of one chat, over the connection that all tabs share. Resubscribes when chat or cursor change. */
export function useChatEvents(chatId: string, options: ChatEventsOptions): void {
  const hub = useContext(LiveContext);
  const onEvent = useEffectEvent((event: MultiplexedEvent) => options.onEvent(event as ChatEvent));
  const onState = useEffectEvent((state: LiveState) => options.onState?.(state));
  const { cursor } = options;
  useEffect(() => {
    return hub?.subscribe(chatId, cursor, {
      onEvent: (event) => onEvent(event),
      onState: (state) => onState(state),
    });
  }, [hub, chatId, cursor]);
}

/** The live events of the person's list of chats, over the connection that all tabs share. */
export function useListEvents(options: { cursor: string | null; onEvent: (event: WatchEvent) => void }): void {
  const hub = useContext(LiveContext);
  const onEvent = useEffectEvent((event: MultiplexedEvent) => options.onEvent(event as WatchEvent));
  const { cursor } = options;
  useEffect(() => {
    return hub?.subscribe(LIST, cursor, { onEvent: (event) => onEvent(event) });
  }, [hub, cursor]);
}
