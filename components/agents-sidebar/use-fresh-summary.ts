"use client";

import { useEffect, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { followRest, shownSummary, startRest } from "./fresh-summary";

/** The last turn's summary, unless it is of an older turn than the one that just ended. */
export function useFreshSummary(chat: Pick<Chat, "status" | "last_turn_summary">): string | null {
  const [known, setKnown] = useState(() => startRest(chat));
  const rest = followRest(known, chat, Date.now());
  if (rest !== known) setKnown(rest);
  const { stale, untilMs } = rest;
  useEffect(() => {
    if (stale === null) return;
    const timer = setTimeout(() => setKnown((late) => ({ ...late, stale: null })), untilMs - Date.now());
    return () => clearTimeout(timer);
  }, [stale, untilMs]);
  return shownSummary(rest, chat);
}
