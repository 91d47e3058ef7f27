"use client";

import { useEffect, useRef } from "react";
import { chatsClient } from "@/lib/contract/client";
import type { ChatState } from "./chat-state";
import type { ChatStore } from "./chat-store";
import { isActive } from "./live-status";
import { useChatPart } from "./use-chat-stream";

const selectLastId = (state: ChatState) => state.messages.at(-1)?.id ?? 0;
const selectIsQuiet = (state: ChatState) => !isActive(state.status);

/** Tells the server that a turn ended in front of a person. Opening a chat is noticed by the server itself. */
export function useMarkRead(chatId: string, store: ChatStore): void {
  const lastMessageId = useChatPart(store, selectLastId);
  const seen = useRef(lastMessageId);
  const isQuiet = useChatPart(store, selectIsQuiet);
  useEffect(() => {
    if (!isQuiet || seen.current === lastMessageId) return;
    const mark = () => {
      if (document.visibilityState !== "visible") return;
      document.removeEventListener("visibilitychange", mark);
      seen.current = lastMessageId;
      // Unread is a hint; the next opening sets it right.
      chatsClient.read(chatId).catch(() => {});
    };
    document.addEventListener("visibilitychange", mark);
    mark();
    return () => document.removeEventListener("visibilitychange", mark);
  }, [chatId, isQuiet, lastMessageId]);
}
