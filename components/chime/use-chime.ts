"use client";

import { useQueryClient } from "@tanstack/react-query";
import type { WatchEvent } from "@/lib/contract/events";
import { findKnownChat } from "../agents-sidebar/kept-chat";
import { chimeOnce } from "./chime-once";
import { hasJustEnded } from "./just-ended";

export const CHIME_STORAGE_KEY = "slipway.chime";

/** Tells by a sound that an agent's work ended, unless a person sees it. Call it before the event changes the lists. */
export function useChime(openChatId: string | null): (event: Extract<WatchEvent, { type: "chat" }>) => void {
  const client = useQueryClient();
  return (event) => {
    if (!hasJustEnded(findKnownChat(client, event.chat.id), event) || !isWanted()) return;
    void chimeOnce({
      chatId: event.chat.id,
      isLookedAt: document.visibilityState === "visible" && openChatId === event.chat.id,
      play: () => void import("./play-chime").then(({ playChime }) => playChime()),
      locks: navigator.locks as LockManager | undefined,
    });
  };
}

/** A taste of this browser; on until it is turned off. */
function isWanted(): boolean {
  try {
    return localStorage.getItem(CHIME_STORAGE_KEY) !== "off";
  } catch {
    return true;
  }
}
