"use client";

import { useEffect, useState } from "react";
import type { Chat } from "@/lib/contract/chats";

/** A summary is written within this time of the end of its turn, or not at all. */
const WAIT_MS = 10_000;

/**
 * The last turn's summary; null from the end of a run until the new one comes or ten seconds pass, since the old one
 * would read as if it were new.
 */
export function useFreshSummary(chat: Pick<Chat, "status" | "last_turn_summary">): string | null {
  const rests = chat.status === "waiting" || chat.status === "completed";
  const [rested, setRested] = useState(rests);
  const [stale, setStale] = useState<string | null>(null);
  if (rested !== rests) {
    setRested(rests);
    setStale(rests ? chat.last_turn_summary : null);
  }
  useEffect(() => {
    if (stale === null) return;
    const timer = setTimeout(() => setStale(null), WAIT_MS);
    return () => clearTimeout(timer);
  }, [stale]);
  return chat.last_turn_summary === stale ? null : chat.last_turn_summary;
}
