"use client";

import { createContext, type ReactNode, useContext, useEffect, useEffectEvent, useState } from "react";
import type { ChatEvent, MultiplexedEvent, WatchEvent } from "@/lib/contract/events";
import { toast } from "../ui/toast";
import type { LiveState } from "./live-connection";
import { createTabHub, type TabHub } from "./tab-hub";
import { LIST } from "./tab-protocol";

export type { LiveState } from "./live-connection";

type Live = { hub: TabHub | null; build: string };

const LiveContext = createContext<Live>({ hub: null, build: "" });

/** Around the pages that are live; one per tab, of the person who is signed in. `build` is the page's own. */
export function LiveProvider({ userId, build, children }: { userId: string; build: string; children: ReactNode }) {
  const [live, setLive] = useState<Live>({ hub: null, build });
  useEffect(() => {
    const hub = createTabHub({ userId });
    setLive({ hub, build });
    return () => hub.close();
  }, [userId, build]);
  return <LiveContext value={live}>{children}</LiveContext>;
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
  const { hub } = useContext(LiveContext);
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
  const { hub, build } = useContext(LiveContext);
  const onEvent = useEffectEvent((event: MultiplexedEvent) => options.onEvent(event as WatchEvent));
  const { cursor } = options;
  useEffect(() => {
    return hub?.subscribe(LIST, cursor, {
      onEvent: (event) => onEvent(event),
      onState: (state) => offerReload(state, build),
    });
  }, [hub, cursor, build]);
}

/** The server went on with another build than this page's: it says so once, and a person decides when. */
function offerReload(state: LiveState, pageBuild: string): void {
  if (state.kind !== "live" || state.build === null || state.build === pageBuild) return;
  toast.stay("Slipway was updated. This page is of the version before.", {
    id: "stale-page",
    action: { label: "Reload", onClick: () => window.location.reload() },
  });
}
